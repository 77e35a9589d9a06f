import {
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Switch,
  TextInput,
  useMantineColorScheme,
  type MantineColorScheme,
} from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useChangeMe, useMe } from "~/api/me";
import { sayDone } from "~/parts/notices";
import { Card } from "~/settings/Section";

import classes from "./ProfilePage.module.css";

export function ProfilePage() {
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.title}>My profile</h1>
        <About />
        <Look />
        <Password />
      </div>
    </div>
  );
}

function About() {
  const me = useMe();
  const change = useChangeMe();
  const [name, setName] = useState(me.name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate({ name: name.trim() }, { onSuccess: () => sayDone("Saved.") });
  };
  return (
    <Card>
      <Switch
        label={me.available ? "Available" : "Away"}
        description="Away: new conversations are not assigned to you."
        checked={me.available}
        onChange={(event) => change.mutate({ available: event.currentTarget.checked })}
      />
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Name"
          description="Customers see your first name."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput label="Email" value={me.email} readOnly />
        <Group>
          <Button type="submit" disabled={!name.trim() || name.trim() === me.name}>
            Save
          </Button>
        </Group>
      </form>
    </Card>
  );
}

function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Card>
      <div>
        <span className={classes.label} id="look">
          Look
        </span>
        <SegmentedControl
          aria-labelledby="look"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "Like the system" },
          ]}
        />
      </div>
    </Card>
  );
}

function Password() {
  const change = useChangeMe();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(
      { password: { old, new: fresh } },
      {
        onSuccess: () => {
          setOld("");
          setFresh("");
          sayDone("Your password is changed. Other browsers are signed out.");
        },
      },
    );
  };
  return (
    <Card>
      <form onSubmit={submit} className={classes.form}>
        <PasswordInput
          label="Old password"
          autoComplete="current-password"
          required
          value={old}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters."
          autoComplete="new-password"
          minLength={10}
          required
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={change.isPending} disabled={!old || fresh.length < 10}>
            Change the password
          </Button>
        </Group>
      </form>
    </Card>
  );
}
