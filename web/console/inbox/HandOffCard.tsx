import { UnstyledButton } from "@mantine/core";
import { ChevronDown, Handshake } from "lucide-react";
import { useState } from "react";

import type { HandOff, Message } from "~/api/types";
import { Ago } from "~/parts/time";

import classes from "./HandOffCard.module.css";

const PARTS = [
  ["asked", "Asked"],
  ["tried", "Tried"],
  ["found", "Found"],
  ["open", "Still open"],
] as const;

/** What whoever takes over needs to know; folded once somebody has answered. */
export function HandOffCard({ handOff, messages }: { handOff: HandOff; messages: Message[] }) {
  const answered = messages.some(
    ({ author, direction, at }) => author === "teammate" && direction === "out" && at > handOff.at,
  );
  const [wish, setWish] = useState<boolean | null>(null);
  const open = wish ?? !answered;

  return (
    <section className={classes.card} aria-label="Hand-off">
      <UnstyledButton className={classes.head} aria-expanded={open} onClick={() => setWish(!open)}>
        <Handshake size={17} aria-hidden />
        <span className={classes.title}>
          <strong>{why(handOff)}</strong>
          <span className={classes.time}>
            handed over <Ago at={handOff.at} />
          </span>
        </span>
        <ChevronDown
          size={16}
          className={classes.arrow}
          data-open={open || undefined}
          aria-hidden
        />
      </UnstyledButton>
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

function SummaryLine({ line }: { line: string | { title: string; url: string } }) {
  if (typeof line === "string") return <span>{line}</span>;
  return (
    <a href={line.url} target="_blank" rel="noopener noreferrer">
      {line.title || line.url}
    </a>
  );
}

/** The server says it in a sentence; a code alone is shown as words. */
function why({ explanation, reason }: HandOff): string {
  return explanation || reason.replaceAll("_", " ");
}
