import { Badge } from "@mantine/core";
import { Rows3 } from "lucide-react";

import type { Article } from "~/api/types";
import { PlainText } from "~/parts/PlainText";
import { Empty } from "~/parts/states";

import classes from "./Lists.module.css";

/** The pieces the assistant finds and quotes. */
export function PassageList({ article }: { article: Article }) {
  if (article.passages.length === 0) {
    return (
      <Empty icon={Rows3} title="No passages">
        {article.indexed
          ? "There was no text to make passages from."
          : "The article is still being indexed."}
      </Empty>
    );
  }
  return (
    <ol className={classes.list}>
      {article.passages.map((passage) => (
        <li key={passage.id} className={classes.card}>
          <div className={classes.cardHead}>
            <span className="truncate" dir="auto" title={passage.breadcrumb}>
              {passage.breadcrumb}
            </span>
            {passage.kind && <Badge color="gray">{passage.kind}</Badge>}
          </div>
          <PlainText text={passage.text} />
        </li>
      ))}
    </ol>
  );
}
