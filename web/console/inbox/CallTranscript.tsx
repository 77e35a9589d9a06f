import { Button } from "@mantine/core";
import { PhoneCall, PhoneIncoming, PhoneMissed, PhoneOutgoing } from "lucide-react";

import { useCancelCall, useTakeCall } from "~/api/conversations";
import type { Message } from "~/api/types";
import { PlainText } from "~/parts/PlainText";
import { fullTime } from "~/parts/time";

import classes from "./CallTranscript.module.css";

const STAGES: Record<string, string> = {
  requested: "Planned",
  dialling: "Being dialled",
  ringing: "Ringing",
  talking: "Talking with the assistant",
  transferring: "Ringing a teammate",
  with_person: "With a person",
  voicemail: "Leaving a message",
  ended: "Ended",
  cancelled: "Cancelled",
  failed: "Did not reach the customer",
  unknown: "May not have been dialled",
  connecting: "Connecting",
  accepted: "Accepted",
};
const TAKEABLE = ["talking", "voicemail"];

/** A call: how far it is, and what was said so far. It grows while the call goes on. */
export function CallTranscript({ message }: { message: Message }) {
  const { details, utterances, direction } = message;
  const fact = (name: string) => (typeof details[name] === "string" ? details[name] : "");
  const stage = fact("stage");
  return (
    <div className={classes.call}>
      <p className={classes.head}>
        <CallIcon outgoing={direction === "out"} stage={stage} />
        <strong>{direction === "out" ? "Our call" : "Call"}</strong>
        <span data-live={TAKEABLE.includes(stage) || undefined}>{STAGES[stage] ?? stage}</span>
        {fact("duration") && <span>{minutes(fact("duration"))}</span>}
        {fact("taken_by") && <bdi>taken by {fact("taken_by")}</bdi>}
      </p>
      {fact("reason") && <PlainText text={`Why: ${fact("reason")}`} />}
      {stage === "requested" && fact("dial_after") && (
        <p className={classes.note}>To be made {fullTime(fact("dial_after"))}.</p>
      )}
      {fact("result") && <p className={classes.note}>{fact("result")}</p>}
      {fact("caller_id") && <p className={classes.note}>Known by {fact("caller_id")}.</p>}
      {utterances.length > 0 && (
        <ol className={classes.said} aria-label="Transcript" aria-live="polite">
          {utterances.map((one) => (
            <li key={`${one.at}-${one.author}`} data-author={one.author}>
              <small>{one.author === "customer" ? "Customer" : "Assistant"}</small>
              <span dir="auto">{one.text || "…"}</span>
              {one.state === "cut" && <small>interrupted</small>}
            </li>
          ))}
        </ol>
      )}
      {fact("callback_due") && (
        <p className={classes.note}>Call back, due {fullTime(fact("callback_due"))}.</p>
      )}
      {TAKEABLE.includes(stage) && <TakeCall conversationId={message.conversation_id} />}
      {stage === "requested" && <CancelCall conversationId={message.conversation_id} />}
    </div>
  );
}

function CallIcon({ outgoing, stage }: { outgoing: boolean; stage: string }) {
  if (stage === "failed" || stage === "cancelled") return <PhoneMissed size={15} aria-hidden />;
  if (outgoing) return <PhoneOutgoing size={15} aria-hidden />;
  if (stage === "ended") return <PhoneIncoming size={15} aria-hidden />;
  return <PhoneCall size={15} aria-hidden />;
}

function TakeCall({ conversationId }: { conversationId: string }) {
  const take = useTakeCall(conversationId);
  return (
    <Button
      size="xs"
      className={classes.take}
      loading={take.isPending}
      leftSection={<PhoneCall size={14} />}
      onClick={() => take.mutate()}
    >
      Take this call on my phone
    </Button>
  );
}

function CancelCall({ conversationId }: { conversationId: string }) {
  const cancel = useCancelCall(conversationId);
  return (
    <Button
      size="xs"
      variant="default"
      className={classes.take}
      loading={cancel.isPending}
      leftSection={<PhoneMissed size={14} />}
      onClick={() => cancel.mutate()}
    >
      Cancel this call
    </Button>
  );
}

function minutes(seconds: string): string {
  const whole = Number(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}
