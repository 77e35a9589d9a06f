import { Badge, Button } from "@mantine/core";

import { useRestoreVersion } from "~/api/articles";
import type { Article } from "~/api/types";
import { useMay } from "~/parts/may";
import { sayDone } from "~/parts/notices";
import { fullTime } from "~/parts/time";

import classes from "./Lists.module.css";

export function VersionList({ article }: { article: Article }) {
  const mayWrite = useMay("lead");
  const restore = useRestoreVersion(article.id);
  return (
    <ol className={classes.list}>
      {article.versions.map((version) => (
        <li key={version.number} className={`${classes.card} ${classes.version}`}>
          <div>
            <strong>Version {version.number}</strong>{" "}
            {version.current && <Badge color="thread">current</Badge>}
            <p className={classes.facts}>
              <bdi>{version.title}</bdi>, {fullTime(version.at)}
              {version.by && `, by ${version.by}`}
            </p>
          </div>
          {!version.current && mayWrite && (
            <Button
              size="xs"
              variant="default"
              loading={restore.isPending && restore.variables === version.number}
              onClick={() =>
                restore.mutate(version.number, {
                  onSuccess: () => sayDone(`Version ${version.number} is current again.`),
                })
              }
            >
              Restore
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
