import { Badge, Button, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { UsersRound } from "lucide-react";
import type { SyntheticEvent } from "react";

import { useMe } from "~/api/me";
import { useSaveTeammate, useTeammates } from "~/api/settings";
import type { Teammate } from "~/api/types";
import { Face } from "~/parts/Face";
import { useFields } from "~/parts/fields";
import { sayDone } from "~/parts/notices";

import { EditableList } from "./EditableList";
import form from "./Form.module.css";

type Role = Teammate["role"];

const ROLES: { value: Role; label: string; short: string }[] = [
  { value: "agent", label: "Agent: answers customers", short: "Agent" },
  { value: "lead", label: "Lead: also articles and queues", short: "Lead" },
  { value: "qa", label: "QA: also labels and certificates", short: "QA" },
  { value: "admin", label: "Admin: everything", short: "Admin" },
];

export function TeammatesSection() {
  return (
    <EditableList
      title="Teammates"
      text="Who works in this desk."
      query={useTeammates()}
      icon={UsersRound}
      empty="Nobody yet"
      add="Add teammate"
      row={(teammate) => ({
        picture: <Face name={teammate.name} size={34} />,
        detail: teammate.email,
        badges: <Badges teammate={teammate} />,
      })}
      form={(teammate, close) => <Form teammate={teammate} onDone={close} />}
    />
  );
}

function Badges({ teammate }: { teammate: Teammate }) {
  const { role, active, available } = teammate;
  return (
    <>
      {!active && <Badge color="gray">may not sign in</Badge>}
      {active && !available && <Badge color="yellow">away</Badge>}
      <Badge color={role === "admin" ? "indigo" : "thread"}>
        {ROLES.find(({ value }) => value === role)?.short ?? role}
      </Badge>
    </>
  );
}

function Form({ teammate, onDone }: { teammate: Teammate | null; onDone: () => void }) {
  const me = useMe();
  const save = useSaveTeammate();
  const { fields, set, bind } = useFields({
    name: teammate?.name ?? "",
    email: teammate?.email ?? "",
    role: teammate?.role ?? ("agent" as Role),
    active: teammate?.active ?? true,
    phone: teammate?.phone ?? "",
    password: "",
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const { password, active, phone, ...others } = fields;
    const change = {
      ...others,
      ...(teammate ? { id: teammate.id, active, phone } : {}),
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
    <form className={form.form} onSubmit={submit}>
      <TextInput label="Name" required data-autofocus {...bind("name")} />
      <TextInput label="Email" type="email" required {...bind("email")} />
      <Select
        label="Role"
        data={ROLES}
        allowDeselect={false}
        value={fields.role}
        onChange={(role) => set({ role: role as Role })}
      />
      {teammate && (
        <TextInput
          label="Phone"
          description="Where customers' calls reach them: +49… or sip:name@pbx.example."
          {...bind("phone")}
        />
      )}
      <PasswordInput
        label={teammate ? "New password" : "First password"}
        description="At least 10 characters. They can change it in their profile."
        required={!teammate}
        minLength={10}
        autoComplete="new-password"
        {...bind("password")}
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
