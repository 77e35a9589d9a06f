import { ActionIcon, Button, Select, Switch, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";

import type { Hours } from "~/api/types";

import classes from "./QueueEditor.module.css";

const DAYS = [
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
] as const;

const OFFICE: [string, string] = ["09:00", "17:00"];

interface Props {
  hours: Partial<Hours>;
  onChange: (hours: Partial<Hours>) => void;
}

/** When somebody is there: customers are told when to expect an answer by this. */
export function HoursEditor({ hours, onChange }: Props) {
  const days = hours.days ?? {};
  const limited = Object.keys(days).length > 0;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = hours.timezone ?? here;

  const setLimited = (on: boolean) =>
    onChange(
      on
        ? {
            timezone: zone,
            days: Object.fromEntries(DAYS.slice(0, 5).map(([day]) => [day, [OFFICE]])),
          }
        : {},
    );
  const setDay = (day: string, spans: [string, string][]) => {
    const { [day]: _old, ...others } = days;
    onChange({ timezone: zone, days: spans.length ? { ...others, [day]: spans } : others });
  };

  return (
    <fieldset className={classes.group}>
      <legend>Opening hours</legend>
      <Switch
        label={limited ? "Only at these times" : "Always open"}
        checked={limited}
        onChange={(event) => setLimited(event.currentTarget.checked)}
      />
      {limited && (
        <>
          <Select
            label="Time zone"
            searchable
            allowDeselect={false}
            data={[...new Set([zone, here, ...Intl.supportedValuesOf("timeZone")])]}
            value={zone}
            onChange={(timezone) => onChange({ ...hours, timezone: timezone ?? here })}
          />
          {DAYS.map(([day, name]) => (
            <Day
              key={day}
              name={name}
              spans={days[day] ?? []}
              onChange={(spans) => setDay(day, spans)}
            />
          ))}
        </>
      )}
    </fieldset>
  );
}

interface DayProps {
  name: string;
  spans: [string, string][];
  onChange: (spans: [string, string][]) => void;
}

function Day({ name, spans, onChange }: DayProps) {
  const change = (index: number, which: 0 | 1, value: string) =>
    onChange(
      spans.map((span, at) => {
        if (at !== index) return span;
        return which === 0 ? [value, span[1]] : [span[0], value];
      }),
    );
  return (
    <div className={classes.day}>
      <span>{name}</span>
      <div className={classes.spans}>
        {spans.map((span, index) => (
          <div key={index} className={classes.span}>
            <TextInput
              size="xs"
              type="time"
              aria-label={`${name} from`}
              value={span[0]}
              onChange={(event) => change(index, 0, event.currentTarget.value)}
            />
            <TextInput
              size="xs"
              type="time"
              aria-label={`${name} until`}
              value={span[1]}
              onChange={(event) => change(index, 1, event.currentTarget.value)}
            />
            <ActionIcon
              size="sm"
              aria-label={`Remove this time on ${name}`}
              onClick={() => onChange(spans.filter((_, at) => at !== index))}
            >
              <X size={14} />
            </ActionIcon>
          </div>
        ))}
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Plus size={12} />}
          onClick={() => onChange([...spans, OFFICE])}
        >
          {spans.length ? "Add" : "Closed. Add a time"}
        </Button>
      </div>
    </div>
  );
}
