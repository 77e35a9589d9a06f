import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";

import { useWays, useWriteFirst } from "~/api/customers";
import type { FirstWords, Named, NewAddress, Way, Ways } from "~/api/types";
import { channelName, identityName } from "~/parts/ChannelIcon";
import { sayDone } from "~/parts/notices";
import { Failed, Lines } from "~/parts/states";
import { soon, useNow } from "~/parts/time";

import { READABLE } from "./ThreadPicker";
import { TemplateForm } from "./TemplateForm";
import classes from "./WriteDialog.module.css";

interface Props {
  open: boolean;
  customer: Named;
  /** Without one, what is written begins a new conversation. */
  conversationId?: string;
  onClose: () => void;
}

/** Writes first, on a channel or to an address where no thread leads yet. */
export function WriteDialog({ open, ...rest }: Props) {
  const title = `Write to ${rest.customer.name || "the visitor"}`;
  return (
    <Modal opened={open} onClose={rest.onClose} title={title} size="lg">
      {open && <Asked {...rest} />}
    </Modal>
  );
}

function Asked(props: Omit<Props, "open">) {
  const ways = useWays(props.customer.id, props.conversationId ?? "");
  if (ways.isPending) return <Lines count={4} />;
  if (ways.isError) return <Failed error={ways.error} retry={() => void ways.refetch()} />;
  if (ways.data.known.length + ways.data.new.length === 0) {
    return <p>No inbox that works can write to anybody first. Connect one in the settings.</p>;
  }
  return <Form ways={ways.data} {...props} />;
}

/** Where it goes: a known address, or one that is entered. */
type Goal = { way: Way; fresh?: undefined } | { fresh: NewAddress; way?: undefined };

function Form({ ways, customer, conversationId, onClose }: Omit<Props, "open"> & { ways: Ways }) {
  const goals = goalsOf(ways);
  const [chosen, setChosen] = useState(() => bestOf(goals));
  const [address, setAddress] = useState("");
  const [subject, setSubject] = useState("");
  const [consent, setConsent] = useState("");
  const [text, setText] = useState("");
  const write = useWriteFirst(customer.id);
  const navigate = useNavigate();
  const now = useNow();

  const goal = goals.get(chosen) ?? [...goals.values()][0];
  if (!goal) return null;
  const { inbox } = goal.way ?? goal.fresh;
  const closed = goal.way ? isPast(goal.way.free_until, now) : goal.fresh.has_window;
  const templates = (goal.way ?? goal.fresh).takes_templates;
  const asksConsent = goal.way ? goal.way.asks_consent : true;
  const stopped = goal.way?.objection && !goal.way.asks_consent;
  const begun = goal.way?.thread_id != null;
  const asksSubject = inbox.kind === "email" && !begun;
  const missing =
    (goal.fresh && !address.trim()) ||
    (asksSubject && !subject.trim()) ||
    (asksConsent && !consent.trim());

  const send = (words: Partial<FirstWords>, done?: () => void) =>
    write.mutate(
      {
        inbox_id: inbox.id,
        ...(goal.way ? { identity_id: goal.way.identity.id } : { address: address.trim() }),
        conversation_id: conversationId ?? "",
        subject: asksSubject ? subject.trim() : "",
        consent: asksConsent ? consent.trim() : "",
        ...words,
      },
      {
        onSuccess: ({ conversation_id }) => {
          sayDone("On its way.");
          done?.();
          onClose();
          if (conversation_id !== conversationId) {
            void navigate({
              to: "/inbox/$conversationId",
              params: { conversationId: conversation_id },
            });
          }
        },
      },
    );

  return (
    <div className={classes.form}>
      <Select
        label="Where"
        data={[...goals].map(([key, one]) => ({ value: key, label: nameOf(one) }))}
        value={chosen}
        allowDeselect={false}
        onChange={(key) => setChosen(key ?? "")}
      />
      {goal.fresh && (
        <TextInput
          label={identityName(goal.fresh.kind)}
          placeholder={goal.fresh.kind === "phone" ? "+49 151 23456789" : "name@example.com"}
          required
          dir="ltr"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      )}
      <Standing goal={goal} closed={closed} />
      {!stopped && asksConsent && (
        <TextInput
          label="How do we know that they agree?"
          description="It is kept with the customer's consents."
          placeholder="said so on the phone"
          required
          value={consent}
          onChange={(event) => setConsent(event.currentTarget.value)}
        />
      )}
      {asksSubject && (
        <TextInput
          label="Subject"
          required
          dir="auto"
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
      )}
      {!stopped && closed && templates && (
        <fieldset disabled={missing} className={classes.templates}>
          <TemplateForm
            key={inbox.id}
            inboxId={inbox.id}
            customerName={customer.name}
            sending={write.isPending}
            send={({ id }, values, done) => send({ template_id: id, values }, done)}
          />
        </fieldset>
      )}
      {!stopped && !closed && (
        <>
          <Textarea
            label="Message"
            required
            autosize
            minRows={4}
            maxRows={12}
            dir="auto"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            className={classes.send}
            disabled={missing || !text.trim()}
            loading={write.isPending}
            onClick={() => send({ text: text.trim() })}
          >
            {conversationId ? "Send" : "Send and open"}
          </Button>
        </>
      )}
    </div>
  );
}

/** What stands against it, or that nothing does. */
function Standing({ goal, closed }: { goal: Goal; closed: boolean }) {
  const { inbox, takes_templates: templates } = goal.way ?? goal.fresh;
  const lines: { ok: boolean; words: string }[] = [];
  if (goal.way?.objection) lines.push({ ok: false, words: goal.way.objection });
  if (closed) {
    const name = channelName(inbox.kind);
    const words = templates
      ? `${name} takes only a template now: the customer has not written lately.`
      : `${name} takes nothing until the customer writes. An approved template would open it; none is on record for this inbox.`;
    lines.push({ ok: templates, words });
  } else if (goal.way?.free_until) {
    lines.push({ ok: true, words: `Free text may be sent until ${soon(goal.way.free_until)}.` });
  }
  if (goal.way && !goal.way.objection && !closed && lines.length === 0) {
    lines.push({ ok: true, words: "Nothing stands against writing here." });
  }
  return (
    <ul className={classes.standing} aria-live="polite">
      {lines.map(({ ok, words }) => (
        <li key={words} data-ok={ok || undefined}>
          {ok ? <CircleCheck size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
          {words}
        </li>
      ))}
    </ul>
  );
}

function goalsOf({ known, new: fresh }: Ways): Map<string, Goal> {
  return new Map<string, Goal>([
    ...known.map((way): [string, Goal] => [`${way.inbox.id} ${way.identity.id}`, { way }]),
    ...fresh.map((one): [string, Goal] => [one.inbox.id, { fresh: one }]),
  ]);
}

/** The first one where nothing stands in the way. */
function bestOf(goals: Map<string, Goal>): string {
  const free = [...goals].find(
    ([, { way }]) => way && !way.objection && !isPast(way.free_until, Date.now()),
  );
  return (free ?? [...goals][0])?.[0] ?? "";
}

function nameOf({ way, fresh }: Goal): string {
  if (way) {
    const shown = READABLE.includes(way.identity.kind) ? ` · ${way.identity.value}` : "";
    return `${way.inbox.name}${shown}`;
  }
  const kind = fresh.kind === "email" ? "email address" : "number";
  return `${fresh.inbox.name} · another ${kind}`;
}

const isPast = (at: string | null, now: number) => at !== null && Date.parse(at) <= now;
