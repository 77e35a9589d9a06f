import { Badge, Button, Select, Switch } from "@mantine/core";
import { RefreshCw } from "lucide-react";
import { useState } from "react";

import { useSyncTemplates, useTemplates, useTemplateUse } from "~/api/templates";
import type { Inbox, Template } from "~/api/types";
import { Failed, Lines } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./Templates.module.css";

const COLOURS: Record<string, string> = {
  approved: "thread",
  green: "thread",
  pending: "yellow",
  yellow: "yellow",
  rejected: "red",
  disabled: "red",
  paused: "red",
  red: "red",
};
const FILLS = [
  { value: "name", label: "The customer's name" },
  { value: "company", label: "The company's name" },
  { value: "subject", label: "What it is about" },
  { value: "text", label: "The answer itself" },
];

/** What the provider has approved, and what the assistant may send of it by itself. */
export function Templates({ inbox }: { inbox: Inbox }) {
  const templates = useTemplates(inbox.id);
  const sync = useSyncTemplates(inbox.id);
  return (
    <div className={classes.templates}>
      <p>
        Texts the provider has approved: only they reach a customer who hasn't written for a day.
        They are made and changed at the provider.
      </p>
      <Button
        size="xs"
        variant="default"
        leftSection={<RefreshCw size={14} />}
        loading={sync.isPending}
        onClick={() => sync.mutate(undefined)}
      >
        Fetch now
      </Button>
      {sync.isError && <Failed error={sync.error} retry={() => sync.mutate(undefined)} />}
      {templates.isPending ? (
        <Lines count={4} />
      ) : templates.isError ? (
        <Failed error={templates.error} retry={() => void templates.refetch()} />
      ) : templates.data.length === 0 ? (
        <p>None fetched yet. They need the business account ID under Account.</p>
      ) : (
        <ul>
          {templates.data.map((template) => (
            <li key={template.id}>
              <One template={template} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function One({ template }: { template: Template }) {
  return (
    <>
      <div className={classes.top}>
        <strong>{template.name.replaceAll("_", " ")}</strong>
        <Badge color={COLOURS[template.state] ?? "gray"}>{template.state}</Badge>
        <Badge color="gray">{template.category}</Badge>
        <Badge color="gray">{template.language}</Badge>
        {template.quality && (
          <Badge color={COLOURS[template.quality] ?? "gray"}>quality {template.quality}</Badge>
        )}
      </div>
      {template.reason && <p className={classes.reason}>The provider says: {template.reason}</p>}
      {template.header && <strong dir="auto">{template.header}</strong>}
      <p dir="auto">{template.body}</p>
      {template.footer && <small dir="auto">{template.footer}</small>}
      {template.category === "utility" && template.state === "approved" && (
        <Use template={template} />
      )}
      <small>Fetched {fullTime(template.synced_at)}</small>
    </>
  );
}

function Use({ template }: { template: Template }) {
  const change = useTemplateUse(template);
  const [fills, setFills] = useState<Record<string, string>>(template.fills);
  const complete = template.gaps.every(({ key }) => fills[key]);
  return (
    <div className={classes.use}>
      <Switch
        size="xs"
        label="The assistant may send it when its answer comes too late for free text"
        checked={template.for_late_answers}
        disabled={!complete || change.isPending}
        onChange={(event) =>
          change.mutate({ for_late_answers: event.currentTarget.checked, fills })
        }
      />
      {!template.for_late_answers &&
        template.gaps.map((gap) => (
          <Select
            key={gap.key}
            size="xs"
            label={`${gap.part}, gap ${gap.name}`}
            placeholder="Filled with"
            data={FILLS}
            value={fills[gap.key] ?? null}
            onChange={(value) => setFills({ ...fills, [gap.key]: value ?? "" })}
          />
        ))}
      {change.isError && <Failed error={change.error} retry={change.reset} />}
    </div>
  );
}
