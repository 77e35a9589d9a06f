import { Button, CopyButton, Radio, Select, Slider, Switch, Tabs, TextInput } from "@mantine/core";
import { Copy } from "lucide-react";
import { useState } from "react";

import { useChangeInbox, useChannels, useQueues } from "~/api/settings";
import type { Inbox, InboxChange, Policy } from "~/api/types";
import { sayDone } from "~/parts/notices";

import { byHand, ChannelFields, split } from "./ChannelFields";
import { Checklist } from "./Checklist";
import form from "./Form.module.css";
import classes from "./InboxEditor.module.css";
import { POLICIES, POLICY_ORDER } from "./policies";
import { Templates } from "./Templates";
import { WebsiteChat } from "./WebsiteChat";

/** One inbox: when the assistant may speak, the account, and whether it works. */
export function InboxEditor(props: {
  inbox: Inbox;
  isNew?: boolean;
  tab?: string;
  onDone: () => void;
}) {
  const { inbox, isNew = false, tab, onDone } = props;
  return (
    <Tabs defaultValue={tab ?? (isNew ? "account" : "assistant")}>
      <Tabs.List>
        <Tabs.Tab value="assistant">Assistant</Tabs.Tab>
        {inbox.kind === "web" && <Tabs.Tab value="chat">Chat</Tabs.Tab>}
        <Tabs.Tab value="account">Account</Tabs.Tab>
        {inbox.has_templates && <Tabs.Tab value="templates">Templates</Tabs.Tab>}
        <Tabs.Tab value="check">Self-test</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="assistant" pt="md">
        <Speaking inbox={inbox} onDone={onDone} />
      </Tabs.Panel>
      {inbox.kind === "web" && (
        <Tabs.Panel value="chat" pt="md">
          <WebsiteChat inbox={inbox} onDone={onDone} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="account" pt="md">
        <Account inbox={inbox} onDone={onDone} />
      </Tabs.Panel>
      {inbox.has_templates && (
        <Tabs.Panel value="templates" pt="md">
          <Templates inbox={inbox} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="check" pt="md">
        <Checklist inbox={inbox} />
      </Tabs.Panel>
    </Tabs>
  );
}

function useSave(inbox: Inbox, onDone: () => void) {
  const change = useChangeInbox(inbox.id);
  const save = (changes: InboxChange) =>
    change.mutate(changes, {
      onSuccess: () => {
        sayDone("Saved.");
        onDone();
      },
    });
  return { save, saving: change.isPending };
}

function Speaking({ inbox, onDone }: { inbox: Inbox; onDone: () => void }) {
  const queues = useQueues();
  const { save, saving } = useSave(inbox, onDone);
  const [policy, setPolicy] = useState<Policy>(inbox.policy);
  const [threshold, setThreshold] = useState(Math.round(inbox.threshold * 100));
  const [queue, setQueue] = useState(inbox.queue_id);
  const [enabled, setEnabled] = useState(inbox.enabled);

  return (
    <div className={form.form}>
      <Radio.Group
        label="When may the assistant speak?"
        value={policy}
        onChange={(value) => setPolicy(value as Policy)}
      >
        <div className={classes.policies}>
          {POLICY_ORDER.map((one) => (
            <Radio.Card key={one} value={one} className={classes.policy}>
              <Radio.Indicator />
              <span>
                <strong>{POLICIES[one].name}</strong>
                <small>{POLICIES[one].text}</small>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {policy === "threshold" && (
        <div>
          <span className={classes.label} id="threshold">
            It answers when at least {threshold} % sure
          </span>
          <Slider
            min={30}
            max={99}
            value={threshold}
            onChange={setThreshold}
            label={(value) => `${value} %`}
            thumbProps={{ "aria-labelledby": "threshold" }}
          />
          <p className={classes.hint}>Higher: fewer wrong answers, and more left to people.</p>
        </div>
      )}
      <Select
        label="Hand-offs go to"
        description="Unless a queue's rules say otherwise."
        clearable
        placeholder="The queue for everything else"
        data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={queue}
        onChange={setQueue}
      />
      <Switch
        label="This inbox is on"
        description="Off: nothing is received or sent."
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <div className={form.actions}>
        <Button
          loading={saving}
          onClick={() => save({ policy, threshold: threshold / 100, queue_id: queue, enabled })}
        >
          Save
        </Button>
      </div>
    </div>
  );
}

function Account({ inbox, onDone }: { inbox: Inbox; onDone: () => void }) {
  const channels = useChannels();
  const fields = byHand(channels.data?.find(({ kind }) => kind === inbox.kind)?.fields ?? []);
  const { save, saving } = useSave(inbox, onDone);
  const [name, setName] = useState(inbox.name);
  const [brand, setBrand] = useState(inbox.brand);
  const [values, setValues] = useState<Record<string, string>>(inbox.config);

  return (
    <div className={form.form}>
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Brand"
        description="Shown to customers instead of the company's name."
        value={brand}
        onChange={(event) => setBrand(event.currentTarget.value)}
      />
      <ChannelFields
        fields={fields}
        values={values}
        kept={inbox.secrets_set}
        onChange={setValues}
      />
      {inbox.kind === "web" ? <Snippet inbox={inbox} /> : <Addresses inbox={inbox} />}
      <div className={form.actions}>
        <Button loading={saving} onClick={() => save({ name, brand, ...split(fields, values) })}>
          Save
        </Button>
      </div>
    </div>
  );
}

function Addresses({ inbox }: { inbox: Inbox }) {
  return inbox.addresses.map(({ label, url }) => (
    <Copyable
      key={url}
      label={label}
      text="Enter this at the provider; it must be reachable from the internet."
      value={url}
    />
  ));
}

function Snippet({ inbox }: { inbox: Inbox }) {
  const server = new URL(inbox.webhook_url, location.href).origin;
  return (
    <Copyable
      label="Code for your website"
      text="Before the end of the page's body."
      value={`<script async src="${server}/widget.js" data-inbox="${inbox.id}"></script>`}
    />
  );
}

function Copyable({ label, text, value }: { label: string; text: string; value: string }) {
  return (
    <div>
      <span className={classes.label}>{label}</span>
      <p className={classes.hint}>{text}</p>
      <div className={classes.copy}>
        <code>{value}</code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<Copy size={14} />} onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
