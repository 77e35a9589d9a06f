import { Badge, Button, Code, CopyButton, MultiSelect, Switch, TextInput } from "@mantine/core";
import { Webhook as Icon } from "lucide-react";
import { useState, type SyntheticEvent } from "react";

import {
  useAddWebhook,
  useChangeWebhook,
  useRemoveWebhook,
  useRotateWebhook,
  useWebhookKinds,
  useWebhooks,
} from "~/api/settings";
import type { Webhook } from "~/api/types";
import { useFields } from "~/parts/fields";
import { sayDone } from "~/parts/notices";

import { Deliveries } from "./Deliveries";
import { EditableList } from "./EditableList";
import form from "./Form.module.css";
import classes from "./WebhooksSection.module.css";

export function WebhooksSection() {
  return (
    <EditableList
      title="Webhooks"
      text="Other systems that are told what happens here. Each post is signed (Standard Webhooks) and repeated until it arrives."
      query={useWebhooks()}
      icon={Icon}
      empty="Nobody is told yet"
      add="Add webhook"
      size="lg"
      row={(hook) => ({
        picture: <Icon size={20} aria-hidden />,
        detail: hook.problem || hook.url,
        badges: <Badges hook={hook} />,
      })}
      form={(hook, close) => (hook ? <Edit hook={hook} onDone={close} /> : <Add onDone={close} />)}
    />
  );
}

function Badges({ hook }: { hook: Webhook }) {
  return (
    <>
      {hook.waiting > 0 && <Badge color="gray">{hook.waiting} waiting</Badge>}
      {!hook.enabled && <Badge color={hook.problem ? "red" : "gray"}>off</Badge>}
      {hook.enabled && hook.failing_since && <Badge color="yellow">failing</Badge>}
    </>
  );
}

function useHookFields(hook?: Webhook) {
  return useFields({
    url: hook?.url ?? "",
    note: hook?.note ?? "",
    kinds: hook?.kinds ?? [],
    enabled: hook?.enabled ?? true,
  });
}

type HookFields = ReturnType<typeof useHookFields>;

function Fields({ bind, fields, set }: HookFields) {
  const kinds = useWebhookKinds();
  return (
    <>
      <TextInput label="Name" placeholder="What it is for" maxLength={200} {...bind("note")} />
      <TextInput
        label="Address"
        type="url"
        required
        data-autofocus
        placeholder="https://"
        {...bind("url")}
      />
      <MultiSelect
        label="Events"
        description="Choose none to be told all of them."
        data={kinds.data ?? []}
        searchable
        value={fields.kinds}
        onChange={(chosen) => set({ kinds: chosen })}
      />
    </>
  );
}

function Add({ onDone }: { onDone: () => void }) {
  const own = useHookFields();
  const add = useAddWebhook();
  const { url, note, kinds } = own.fields;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    add.mutate({ url, note, kinds });
  };
  if (add.data) return <SecretOnce secret={add.data.secret} onDone={onDone} />;
  return (
    <form className={form.form} onSubmit={submit}>
      <Fields {...own} />
      <Button type="submit" loading={add.isPending}>
        Add
      </Button>
    </form>
  );
}

function SecretOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className={form.form}>
      <p className={classes.text}>
        This is the secret that the posts are signed with. Copy it into the receiving system now: it
        is not shown again.
      </p>
      <Code block>{secret}</Code>
      <div className={classes.buttons}>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy"}</Button>}
        </CopyButton>
        <Button variant="subtle" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

function Edit({ hook, onDone }: { hook: Webhook; onDone: () => void }) {
  const own = useHookFields(hook);
  const change = useChangeWebhook(hook.id);
  const rotate = useRotateWebhook(hook.id);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(own.fields, {
      onSuccess: () => {
        sayDone("Saved.");
        onDone();
      },
    });
  };
  if (rotate.data) return <SecretOnce secret={rotate.data.secret} onDone={onDone} />;
  return (
    <form className={form.form} onSubmit={submit}>
      {hook.problem && <p className={classes.problem}>{hook.problem}</p>}
      <Fields {...own} />
      <Switch
        label="On"
        checked={own.fields.enabled}
        onChange={(event) => own.set({ enabled: event.currentTarget.checked })}
      />
      <Deliveries hook={hook} />
      <div className={form.actions}>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
        <Button
          variant="default"
          loading={rotate.isPending}
          title="The old secret signs beside the new one for a day."
          onClick={() => rotate.mutate()}
        >
          New secret
        </Button>
        <Remove hook={hook} onDone={onDone} />
      </div>
    </form>
  );
}

function Remove({ hook, onDone }: { hook: Webhook; onDone: () => void }) {
  const [sure, setSure] = useState(false);
  const remove = useRemoveWebhook(hook.id);
  return (
    <Button
      variant="subtle"
      color="red"
      loading={remove.isPending}
      onClick={() => (sure ? remove.mutate(undefined, { onSuccess: onDone }) : setSure(true))}
    >
      {sure ? "Remove with its deliveries" : "Remove"}
    </Button>
  );
}
