import { Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Check, Minus, X } from "lucide-react";

import type { Trace } from "~/api/types";

import { AccountPart } from "./AccountPart";
import { ConfidenceBar } from "./ConfidenceBar";
import { Pairs, Part } from "./Part";
import classes from "./TraceView.module.css";

export function TraceView(props: { trace: Trace; when?: string; conversationCost?: number }) {
  const { trace, when, conversationCost } = props;
  return (
    <div className={classes.trace}>
      <Part title="Decision">
        <div className={classes.decision}>
          <Badge size="lg" color={COLOURS[trace.decision] ?? "gray"}>
            {DECISIONS[trace.decision] ?? trace.decision}
          </Badge>
          {trace.mode && <span>{MODES[trace.mode] ?? trace.mode}</span>}
          {when && <span>{when}</span>}
        </div>
        <ConfidenceBar confidence={trace.confidence} threshold={trace.threshold} />
        {trace.explanation && <p>{trace.explanation}</p>}
        {trace.reasons.length > 0 && (
          <ul>
            {trace.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </Part>
      <Understood understood={trace.understood} />
      <Claims claims={trace.claims} />
      {trace.account && <AccountPart account={trace.account} conversationCost={conversationCost} />}
      <Retrieved retrieved={trace.retrieved} />
      <Timings timings={trace.timings} />
      <Pairs title="Versions" pairs={Object.entries(trace.versions)} />
    </div>
  );
}

const DECISIONS: Record<string, string> = {
  reply: "Answered",
  answer: "Answered",
  clarify: "Asked back",
  asksame: "Asked whether it goes on with another conversation",
  draft: "Drafted for a person",
  handoff: "Handed to a person",
  escalate: "Handed to a person",
  smalltalk: "Small talk",
  resolve: "Resolved",
};

const COLOURS: Record<string, string> = {
  reply: "thread",
  answer: "thread",
  draft: "indigo",
  handoff: "yellow",
  escalate: "yellow",
};

const MODES: Record<string, string> = {
  faq: "curated FAQ, word for word",
  extractive: "sentences of an article",
  llm: "written by the language model, checked",
};

function Understood({ understood }: { understood: Trace["understood"] }) {
  const pairs = Object.entries(understood)
    .filter(([, value]) => value !== null && value !== "" && value !== undefined)
    .map(([key, value]): [string, string] => [
      UNDERSTOOD[key] ?? key.replaceAll("_", " "),
      key === "risk" ? (RISKS[String(value)] ?? String(value)) : wordFor(key, value),
    ]);
  return <Pairs title="Understood" pairs={pairs} />;
}

const UNDERSTOOD: Record<string, string> = {
  language_sure: "sure of the language",
  person: "wants a person",
  words: "by the words",
  follow_up: "follows up",
};

const RISKS: Record<string, string> = {
  R0: "information only",
  R1: "an account matter",
  R2: "money or an action",
  R3: "law, safety, fraud or press",
};

function wordFor(key: string, value: unknown): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (key.endsWith("_sure") && typeof value === "number") return `${Math.round(value * 100)} %`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function Claims({ claims }: { claims: Trace["claims"] }) {
  if (claims.length === 0) return null;
  return (
    <Part title="Sentence by sentence">
      <ol className={classes.claims}>
        {claims.map((claim, index) => (
          <li key={index} data-bad={!claim.ok || undefined}>
            <span className={classes.mark}>
              {claim.ok ? (
                claim.passage_id ? (
                  <Check size={14} aria-label="supported" />
                ) : (
                  <Minus size={14} aria-label="claims nothing" />
                )
              ) : (
                <X size={14} aria-label="not supported" />
              )}
            </span>
            <div>
              <p dir="auto">{claim.text}</p>
              {claim.problem && <p className={classes.problem}>{claim.problem}</p>}
              {claim.passage && claim.passage !== claims[index - 1]?.passage && (
                <blockquote dir="auto">{claim.passage}</blockquote>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Retrieved({ retrieved }: { retrieved: Trace["retrieved"] }) {
  if (retrieved.length === 0) return null;
  const best = Math.max(...retrieved.map(({ score }) => score), 0.0001);
  return (
    <Part title="Found">
      <ol className={classes.found}>
        {retrieved.map((hit, index) => (
          <li key={index}>
            <div className={classes.hit}>
              <Link to="/articles/$articleId" params={{ articleId: hit.article_id }}>
                {hit.title || "Untitled"}
              </Link>
              <span className={classes.score}>{hit.score.toFixed(3)}</span>
            </div>
            <span className={classes.bar} style={{ width: `${(100 * hit.score) / best}%` }} />
            <p dir="auto">{hit.passage}</p>
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Timings({ timings }: { timings: Trace["timings"] }) {
  const pairs = Object.entries(timings).map(([stage, ms]): [string, string] => [
    stage,
    ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`,
  ]);
  return <Pairs title="Time" pairs={pairs} />;
}
