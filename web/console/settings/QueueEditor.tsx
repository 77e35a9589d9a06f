import { Button, MultiSelect, NumberInput, Switch, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useDeleteQueue, useSaveQueue, useTeammates } from "~/api/settings";
import type { Queue } from "~/api/types";
import { useFields } from "~/parts/fields";
import { sayDone } from "~/parts/notices";

import form from "./Form.module.css";
import { HoursEditor } from "./HoursEditor";
import { RulesEditor } from "./RulesEditor";

export function QueueEditor({ queue, onDone }: { queue: Queue | null; onDone: () => void }) {
  const teammates = useTeammates();
  const save = useSaveQueue();
  const erase = useDeleteQueue();
  const [sure, setSure] = useState(false);
  const { fields, set, bind } = useFields({
    name: queue?.name ?? "",
    is_fallback: queue?.is_fallback ?? false,
    first_reply_minutes: queue?.first_reply_minutes ?? 60,
    members: queue?.members ?? [],
    rules: queue?.rules ?? [],
    hours: queue?.hours ?? {},
  });

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const rules = fields.rules.filter((rule) => Object.keys(rule).length > 0);
    save.mutate(
      { ...fields, rules, ...(queue ? { id: queue.id } : {}) },
      {
        onSuccess: () => {
          sayDone("Saved.");
          onDone();
        },
      },
    );
  };

  return (
    <form className={form.form} onSubmit={submit}>
      <TextInput label="Name" required data-autofocus {...bind("name")} />
      <MultiSelect
        label="Teammates"
        searchable
        data={(teammates.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={fields.members}
        onChange={(members) => set({ members })}
      />
      <NumberInput
        label="First reply within"
        suffix=" minutes"
        min={1}
        max={43200}
        value={fields.first_reply_minutes}
        onChange={(value) => set({ first_reply_minutes: Number(value) || 60 })}
      />
      <RulesEditor rules={fields.rules} onChange={(rules) => set({ rules })} />
      <HoursEditor hours={fields.hours} onChange={(hours) => set({ hours })} />
      <Switch
        label="Takes what no rule routes"
        description="Exactly one queue does, so that nothing is unowned."
        disabled={queue?.is_fallback}
        checked={fields.is_fallback}
        onChange={(event) => set({ is_fallback: event.currentTarget.checked })}
      />
      <div className={form.actions}>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
        {queue && !queue.is_fallback && (
          <Button
            variant="subtle"
            color="red"
            loading={erase.isPending}
            onClick={() => (sure ? erase.mutate(queue.id, { onSuccess: onDone }) : setSure(true))}
          >
            {sure ? "Really delete? Its conversations go to the fallback" : "Delete"}
          </Button>
        )}
      </div>
    </form>
  );
}
