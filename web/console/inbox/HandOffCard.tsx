import { Button, UnstyledButton } from "@mantine/core";
import { ChevronDown, Handshake, KeyRound } from "lucide-react";
import { useState } from "react";

import { useAskForCode } from "~/api/customers";
import type { HandOff, Message } from "~/api/types";
import { sayDone } from "~/parts/notices";
import { Ago } from "~/parts/time";

import classes from "./HandOffCard.module.css";

const PARTS = [
  ["asked", "Asked"],
  ["tried", "Tried"],
  ["found", "Found"],
  ["open", "Still open"],
] as const;

/** As many messages stand on screen without any summary of them. */
const FEW = 6;

/** What whoever takes over needs to know; folded once it is answered, or where it says no more
 * than the few messages below it. */
export function HandOffCard(props: {
  conversationId: string;
  handOff: HandOff;
  messages: Message[];
}) {
  const { conversationId, handOff, messages } = props;
  const answered = messages.some(
    ({ author, direction, at }) => author === "teammate" && direction === "out" && at > handOff.at,
  );
  const { found, open: left } = handOff.summary;
  const saysMore = messages.length > FEW || found.length > 0 || left.length > 0;
  const [wish, setWish] = useState<boolean | null>(null);
  const open = wish ?? (!answered && saysMore);
  const [reason, detail] = why(handOff);

  return (
    <section className={classes.card} aria-label="Hand-off">
      <UnstyledButton className={classes.head} aria-expanded={open} onClick={() => setWish(!open)}>
        <Handshake size={17} aria-hidden />
        <span className={classes.title}>
          <strong>{reason}</strong>
          <span>
            Handed over <Ago at={handOff.at} />
          </span>
          {detail && <span className={classes.detail}>{detail}</span>}
        </span>
        <ChevronDown
          size={16}
          className={classes.arrow}
          data-open={open || undefined}
          aria-hidden
        />
      </UnstyledButton>
      {handOff.code && <CodeOffer conversationId={conversationId} code={handOff.code} />}
      {open && (
        <div className={classes.body}>
          <dl className={classes.parts}>
            {PARTS.map(([key, label]) => {
              const lines = handOff.summary[key];
              return lines.length ? (
                <div key={key}>
                  <dt>{label}</dt>
                  <dd dir="auto">
                    {lines.map((line, index) => (
                      <SummaryLine key={index} line={line} />
                    ))}
                  </dd>
                </div>
              ) : null;
            })}
          </dl>
        </div>
      )}
    </section>
  );
}

/** Whoever writes has proven nothing: one click sends a code to what is on record. */
function CodeOffer(props: { conversationId: string; code: NonNullable<HandOff["code"]> }) {
  const { conversationId, code } = props;
  const send = useAskForCode(conversationId);
  return (
    <p className={classes.proof}>
      <KeyRound size={15} aria-hidden />
      <span>Nobody has shown here who they are.</span>
      {code.to === "" ? (
        <span>No other address is on record that a code could go to.</span>
      ) : code.waiting ? (
        <span>
          A code is on its way to <bdi>{code.to}</bdi>.
        </span>
      ) : (
        <Button
          size="compact-xs"
          variant="light"
          loading={send.isPending}
          onClick={() =>
            send.mutate(undefined, {
              onSuccess: () => sayDone("The customer is asked here for a one-time code."),
            })
          }
        >
          Send a code to <bdi>&nbsp;{code.to}</bdi>
        </Button>
      )}
    </p>
  );
}

function SummaryLine({ line }: { line: string | { title: string; url: string } }) {
  if (typeof line === "string") return <span>{line}</span>;
  return (
    <a href={line.url} target="_blank" rel="noopener noreferrer">
      {line.title || line.url}
    </a>
  );
}

/** The server says it in a sentence and may add what it saw; a code alone is shown as words. */
function why({ explanation, reason }: HandOff): [string, string] {
  const said = explanation || reason.replaceAll("_", " ");
  const end = said.indexOf(". ");
  return end < 0 ? [said, ""] : [said.slice(0, end + 1), said.slice(end + 2)];
}
