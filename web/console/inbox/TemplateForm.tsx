import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";

import { useTemplates } from "~/api/templates";
import type { Template } from "~/api/types";
import { Failed, Lines } from "~/parts/states";

import classes from "./TemplateForm.module.css";

interface Props {
  inboxId: string;
  customerName: string;
  sending: boolean;
  send: (template: Template, values: Record<string, string>, done: () => void) => void;
}

/** After the window: a text the provider has approved, with its gaps filled in. */
export function TemplateForm({ inboxId, ...rest }: Props) {
  const templates = useTemplates(inboxId);
  const [chosenId, setChosenId] = useState<string | null>(null);
  if (templates.isPending) return <Lines count={2} />;
  if (templates.isError) {
    return <Failed error={templates.error} retry={() => void templates.refetch()} />;
  }
  const approved = templates.data.filter(({ state }) => state === "approved");
  const chosen = approved.find(({ id }) => id === chosenId);
  return (
    <div className={classes.form}>
      <Select
        size="xs"
        label="Template"
        placeholder="Choose a template"
        searchable
        data={approved.map(({ id, name, language }) => ({
          value: id,
          label: `${name.replaceAll("_", " ")} (${language})`,
        }))}
        value={chosenId}
        onChange={setChosenId}
      />
      {chosen && (
        <Gaps key={chosen.id} template={chosen} onSent={() => setChosenId(null)} {...rest} />
      )}
    </div>
  );
}

function Gaps(props: Omit<Props, "inboxId"> & { template: Template; onSent: () => void }) {
  const { template, customerName, sending, send, onSent } = props;
  const [values, setValues] = useState<Record<string, string>>(() =>
    suggested(template, customerName),
  );
  const missing = template.gaps.some(({ key }) => !values[key]?.trim());
  return (
    <>
      {template.gaps.map((gap) => (
        <TextInput
          key={gap.key}
          size="xs"
          label={gapName(gap)}
          placeholder={gap.example ? `e.g. ${gap.example}` : undefined}
          value={values[gap.key] ?? ""}
          onChange={(event) => setValues({ ...values, [gap.key]: event.currentTarget.value })}
        />
      ))}
      <div className={classes.preview} aria-label="Preview" dir="auto">
        {template.header && <strong>{filled(template.header, "header", values)}</strong>}
        <p>{filled(template.body, "body", values)}</p>
        {template.footer && <small>{template.footer}</small>}
        {template.buttons.length > 0 && (
          <div className={classes.buttons}>
            {template.buttons.map((title, index) => (
              <span key={index}>{title}</span>
            ))}
          </div>
        )}
      </div>
      <Button
        size="xs"
        disabled={missing}
        loading={sending}
        onClick={() => send(template, values, onSent)}
      >
        Send template
      </Button>
    </>
  );
}

function gapName({ part, name, kind }: Template["gaps"][number]): string {
  if (kind !== "text" && part === "header") return `Link to the ${kind} at the top`;
  if (part === "button") return kind === "copy_code" ? "Code to copy" : "End of the button's link";
  const which = /^\d+$/.test(name) ? `gap ${name}` : name.replaceAll("_", " ");
  return part === "header" ? `Title: ${which}` : `Text: ${which}`;
}

/** The customer's name is what the first gap of a text nearly always asks for. */
function suggested(template: Template, name: string): Record<string, string> {
  const first = template.gaps.find(({ part }) => part === "body");
  return first && name ? { [first.key]: name } : {};
}

function filled(text: string, part: string, values: Record<string, string>): string {
  return text.replace(
    /\{\{\s*(\w+)\s*\}\}/g,
    (gap, name: string) => values[`${part}:0:${name}`] || gap,
  );
}
