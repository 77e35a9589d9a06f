import { Badge, Button, Modal, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { Plus, UsersRound } from "lucide-react";
import { useState, type SyntheticEvent } from "react";

import { useMe } from "~/api/me";
import { useSaveTeammate, useTeammates } from "~/api/settings";
import type { Teammate } from "~/api/types";
import { Face } from "~/parts/Face";
import { sayDone } from "~/parts/notices";
import { Empty } from "~/parts/states";

import classes from "./People.module.css";
import { Section } from "./Section";

type Role = Teammate["role"];

const ROLES: { value: Role; label: string }[] = [
  { value: "agent", label: "Agent: answers customers" },
  { value: "lead", label: "Lead: also articles and queues" },
  { value: "qa", label: "QA: also labels and certificates" },
  { value: "admin", label: "Admin: everything" },
];

export function TeammatesSection() {
  const teammates = useTeammates();
  const [open, setOpen] = useState<Teammate | "new" | null>(null);
  return (
    <Section
      title="Teammates"
      text="Who works in this desk."
      query={teammates}
      action={
        <Button leftSection={<Plus size={16} />} onClick={() => setOpen("new")}>
          Add teammate
        </Button>
      }
    >
      {(all) => (
        <>
          {all.length === 0 && <Empty icon={UsersRound} title="Nobody yet" />}
          <ul className={classes.list}>
            {all.map((teammate) => (
              <li key={teammate.id}>
                <button className={classes.row} onClick={() => setOpen(teammate)}>
                  <Face name={teammate.name} size={34} />
                  <span className={classes.names}>
                    <bdi className="truncate">{teammate.name}</bdi>
                    <small className="truncate">{teammate.email}</small>
                  </span>
                  {!teammate.active && <Badge color="gray">signed off</Badge>}
                  {teammate.active && !teammate.available && <Badge color="yellow">away</Badge>}
                  <Badge color="thread">{teammate.role}</Badge>
                </button>
              </li>
            ))}
          </ul>
          <Modal
            opened={open !== null}
            onClose={() => setOpen(null)}
            title={open === "new" ? "Add teammate" : open?.name}
          >
            {open && <Form teammate={open === "new" ? null : open} onDone={() => setOpen(null)} />}
          </Modal>
        </>
      )}
    </Section>
  );
}

function Form({ teammate, onDone }: { teammate: Teammate | null; onDone: () => void }) {
  const me = useMe();
  const save = useSaveTeammate();
  const [fields, setFields] = useState({
    name: teammate?.name ?? "",
    email: teammate?.email ?? "",
    role: teammate?.role ?? ("agent" as Role),
    active: teammate?.active ?? true,
    password: "",
  });
  const set = (part: Partial<typeof fields>) => setFields({ ...fields, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const { password, active, ...others } = fields;
    const change = {
      ...others,
      ...(teammate ? { id: teammate.id, active } : {}),
      ...(password ? { password } : {}),
    };
    save.mutate(change, {
      onSuccess: () => {
        sayDone("Saved.");
        onDone();
      },
    });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label="Name"
        required
        data-autofocus
        value={fields.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Email"
        type="email"
        required
        value={fields.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
      />
      <Select
        label="Role"
        data={ROLES}
        allowDeselect={false}
        value={fields.role}
        onChange={(role) => set({ role: role as Role })}
      />
      <PasswordInput
        label={teammate ? "New password" : "First password"}
        description="At least 10 characters. They can change it in their profile."
        required={!teammate}
        minLength={10}
        autoComplete="new-password"
        value={fields.password}
        onChange={(event) => set({ password: event.currentTarget.value })}
      />
      {teammate && (
        <Switch
          label="May sign in"
          description="Turning this off signs them out and returns their conversations to the queues."
          disabled={teammate.id === me.id}
          checked={fields.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
      )}
      <Button type="submit" loading={save.isPending}>
        Save
      </Button>
    </form>
  );
}
