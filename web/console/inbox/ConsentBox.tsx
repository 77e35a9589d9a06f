import { Badge, Button, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";

import { useConsents, useRecordConsent, useSetPreferred } from "~/api/consents";
import type { ConsentWord, NewConsent } from "~/api/types";
import { channelName } from "~/parts/ChannelIcon";
import { Failed, Lines } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./ConsentBox.module.css";

const PURPOSES: Record<NewConsent["purpose"], string> = {
  service: "Service messages",
  marketing: "Advertising",
  calls: "Calls",
};

/** Where this customer likes to be answered, and what they agreed to. */
export function ConsentBox({ customerId }: { customerId: string }) {
  const consents = useConsents(customerId);
  const prefer = useSetPreferred(customerId);
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState(false);
  if (consents.isPending) return <Lines count={2} />;
  if (consents.isError) {
    return <Failed error={consents.error} retry={() => void consents.refetch()} />;
  }
  const { preferred, in_force, history, kinds } = consents.data;
  const shown = open ? history : in_force;
  return (
    <section className={classes.box}>
      <h3>Consent and preferred channel</h3>
      <Select
        size="xs"
        label="Prefers"
        description={preferred ? preferred.reason : "Not known yet; learned from where they write."}
        placeholder="No preference known"
        clearable={preferred !== null && !preferred.learned}
        data={kinds.map((kind) => ({ value: kind, label: channelName(kind) }))}
        value={preferred?.channel ?? null}
        disabled={prefer.isPending}
        onChange={(kind) => prefer.mutate(kind ?? "")}
      />
      <ul>
        {shown.map((word) => (
          <Word key={word.id} word={word} />
        ))}
      </ul>
      {history.length === 0 && (
        <p>Nothing recorded. Whoever writes gets an answer; advertising needs a yes.</p>
      )}
      <div className={classes.actions}>
        <Button size="compact-xs" variant="default" onClick={() => setAdding(true)}>
          Record consent
        </Button>
        {history.length > in_force.length && (
          <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)}>
            {open ? "Only what counts now" : "Show the history"}
          </Button>
        )}
      </div>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Record consent">
        {adding && (
          <WordForm customerId={customerId} kinds={kinds} onDone={() => setAdding(false)} />
        )}
      </Modal>
    </section>
  );
}

function Word({ word }: { word: ConsentWord }) {
  const where = word.address || (word.channel ? channelName(word.channel) : "all channels");
  return (
    <li>
      <span>
        {PURPOSES[word.purpose]}, <bdi>{where}</bdi>
        <small>
          {word.source} {fullTime(word.at)}
        </small>
      </span>
      <Badge size="sm" color={word.granted ? "thread" : "red"}>
        {word.granted ? "Yes" : "No"}
      </Badge>
    </li>
  );
}

function WordForm(props: { customerId: string; kinds: string[]; onDone: () => void }) {
  const record = useRecordConsent(props.customerId);
  const [purpose, setPurpose] = useState<NewConsent["purpose"]>("marketing");
  const [granted, setGranted] = useState("yes");
  const [channel, setChannel] = useState<string | null>(null);
  const [source, setSource] = useState("");
  const save = () =>
    record.mutate(
      { purpose, granted: granted === "yes", channel: channel ?? "", source: source.trim() },
      { onSuccess: props.onDone },
    );
  return (
    <div className={classes.form}>
      <Select
        label="For"
        allowDeselect={false}
        data={Object.entries(PURPOSES).map(([value, label]) => ({ value, label }))}
        value={purpose}
        onChange={(value) => value && setPurpose(value as NewConsent["purpose"])}
      />
      <Select
        label="On"
        placeholder="All channels"
        clearable
        data={props.kinds.map((kind) => ({ value: kind, label: channelName(kind) }))}
        value={channel}
        onChange={setChannel}
      />
      <SegmentedControl
        aria-label="Answer"
        value={granted}
        onChange={setGranted}
        data={[
          { value: "yes", label: "Agrees" },
          { value: "no", label: "Doesn't want it" },
        ]}
      />
      <TextInput
        label="How do we know?"
        placeholder="Said so on the phone"
        required
        maxLength={200}
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      {record.isError && <Failed error={record.error} retry={save} />}
      <Button disabled={!source.trim()} loading={record.isPending} onClick={save}>
        Record
      </Button>
    </div>
  );
}
