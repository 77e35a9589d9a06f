import { Button, Group, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useAddInbox, useChannels } from "~/api/settings";
import type { Channel, Inbox } from "~/api/types";
import { ChannelIcon } from "~/parts/ChannelIcon";
import { Failed, Lines } from "~/parts/states";

import classes from "./AddInbox.module.css";
import { byHand, ChannelFields, split } from "./ChannelFields";

export function AddInbox({ onDone }: { onDone: (inbox: Inbox) => void }) {
  const channels = useChannels();
  const [chosen, setChosen] = useState<Channel | null>(null);
  if (channels.isPending) return <Lines count={3} tall />;
  if (channels.isError) {
    return <Failed error={channels.error} retry={() => void channels.refetch()} />;
  }
  if (chosen) return <Form channel={chosen} onBack={() => setChosen(null)} onDone={onDone} />;
  return (
    <div className={classes.channels}>
      {channels.data.map((channel) => (
        <button key={channel.kind} className={classes.channel} onClick={() => setChosen(channel)}>
          <ChannelIcon kind={channel.kind} size={22} />
          {channel.name}
        </button>
      ))}
    </div>
  );
}

function Form(props: { channel: Channel; onBack: () => void; onDone: (inbox: Inbox) => void }) {
  const { channel } = props;
  const add = useAddInbox();
  const fields = byHand(channel.fields);
  const [name, setName] = useState(channel.name);
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(fields.map((field) => [field.name, field.default])),
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    add.mutate(
      { kind: channel.kind, name: name.trim(), ...split(fields, values) },
      { onSuccess: props.onDone },
    );
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Name"
        description="How teammates call it."
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ChannelFields fields={fields} values={values} onChange={setValues} />
      <Group>
        <Button type="submit" loading={add.isPending}>
          Add
        </Button>
        <Button variant="default" onClick={props.onBack}>
          Another channel
        </Button>
      </Group>
    </form>
  );
}
