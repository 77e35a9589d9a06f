import { Button } from "@mantine/core";

import { useCheckInbox } from "~/api/settings";
import type { Inbox } from "~/api/types";
import { Failed, Lines } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./Checklist.module.css";
import { CheckLine } from "./CheckLine";
import { SendToMyself } from "./SendToMyself";

/** Tries the account for real and says what is wrong. */
export function Checklist({ inbox }: { inbox: Inbox }) {
  const check = useCheckInbox(inbox.id);
  return (
    <div>
      <Known inbox={inbox} />
      <p className={classes.text}>
        Tries the account for real: can we sign in, do messages arrive, may we send?
      </p>
      <Button loading={check.isPending} onClick={() => check.mutate(undefined)}>
        {check.data ? "Test again" : "Test now"}
      </Button>
      {check.isPending ? (
        <Lines count={4} />
      ) : check.isError ? (
        <Failed error={check.error} retry={() => check.mutate(undefined)} />
      ) : (
        check.data && (
          <ul className={classes.checks}>
            {check.data.map((one) => (
              <CheckLine key={one.name} {...one} />
            ))}
          </ul>
        )
      )}
      <SendToMyself inbox={inbox} />
    </div>
  );
}

/** What is known without trying anything. */
function Known({ inbox }: { inbox: Inbox }) {
  const lines = [
    inbox.kind !== "web" && {
      name: "Webhook or mailbox",
      ok: inbox.last_event_at !== null,
      message: inbox.last_event_at
        ? `The provider last brought something on ${fullTime(inbox.last_event_at)}.`
        : "Nothing has arrived yet. Enter the webhook address at the provider, then write to this inbox yourself.",
    },
    {
      name: "Sending",
      ok: !inbox.problem && !inbox.sending_held_until,
      message: sendingWords(inbox),
    },
    (inbox.token_expires_at || inbox.token_warning) && {
      name: "Token",
      ok: !inbox.token_warning,
      message: inbox.token_warning || `It runs out on ${fullTime(inbox.token_expires_at ?? "")}.`,
    },
  ].filter((line) => typeof line === "object" && line !== null);
  return (
    <ul className={classes.checks} aria-label="What is known">
      {lines.map((line) => (
        <CheckLine key={line.name} {...line} />
      ))}
    </ul>
  );
}

function sendingWords(inbox: Inbox): string {
  const waiting = inbox.waiting > 0 ? ` ${inbox.waiting} waiting.` : "";
  if (inbox.problem) return `${inbox.problem}${waiting}`;
  if (inbox.sending_held_until) {
    return `Held back by the provider until ${fullTime(inbox.sending_held_until)}.${waiting}`;
  }
  return `No trouble known.${waiting}`;
}
