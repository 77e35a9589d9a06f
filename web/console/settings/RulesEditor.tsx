import { ActionIcon, Button, MultiSelect, Select, TagsInput } from "@mantine/core";
import { Plus, X } from "lucide-react";

import { useInboxes } from "~/api/settings";
import type { Rule } from "~/api/types";

import classes from "./QueueEditor.module.css";

const RISKS = [
  { value: "R1", label: "Account matters and above" },
  { value: "R2", label: "Money or actions" },
  { value: "R3", label: "Law, safety, fraud, press" },
];

interface Props {
  rules: Rule[];
  onChange: (rules: Rule[]) => void;
}

/** Each rule alone routes here; within one, everything given must match. */
export function RulesEditor({ rules, onChange }: Props) {
  const inboxes = useInboxes();
  const change = (index: number, key: keyof Rule, value: string | string[] | null) =>
    onChange(rules.map((rule, at) => (at === index ? withField(rule, key, value) : rule)));

  return (
    <fieldset className={classes.group}>
      <legend>Rules</legend>
      {rules.length === 0 && (
        <p className={classes.hint}>No rules: only what is assigned or sent here by name.</p>
      )}
      {rules.map((rule, index) => (
        <div key={index} className={classes.rule}>
          <MultiSelect
            size="xs"
            label="Inbox"
            data={(inboxes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={asList(rule.inbox)}
            onChange={(value) => change(index, "inbox", value)}
          />
          <TagsInput
            size="xs"
            label="Language"
            placeholder="de"
            value={asList(rule.language)}
            onChange={(value) => change(index, "language", value)}
          />
          <TagsInput
            size="xs"
            label="Topic"
            placeholder="legal"
            value={asList(rule.topic)}
            onChange={(value) => change(index, "topic", value)}
          />
          <Select
            size="xs"
            label="Risk"
            clearable
            data={RISKS}
            value={asList(rule.risk)[0] ?? null}
            onChange={(value) => change(index, "risk", value)}
          />
          <ActionIcon
            className={classes.remove}
            aria-label={`Remove rule ${index + 1}`}
            onClick={() => onChange(rules.filter((_, at) => at !== index))}
          >
            <X size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<Plus size={14} />}
        onClick={() => onChange([...rules, {}])}
      >
        Add a rule
      </Button>
    </fieldset>
  );
}

function asList(value: string | string[] | null | undefined): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function withField(rule: Rule, key: keyof Rule, value: string | string[] | null): Rule {
  const { [key]: _old, ...others } = rule;
  return value?.length ? { ...others, [key]: value } : others;
}
