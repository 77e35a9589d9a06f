import { Link } from "@tanstack/react-router";

import type { Customer } from "~/api/types";
import { Ago, fullTime } from "~/parts/time";

import classes from "./CustomerPanel.module.css";
import { Section } from "./PanelSection";

type Question = Customer["open_questions"][number];

/** What the customer still waits for, in this conversation and in the others. */
export function OpenQuestions({ customer, current }: { customer: Customer; current: string }) {
  const questions = customer.open_questions;
  if (questions.length === 0) return null;
  return (
    <Section title="Open questions" count={questions.length}>
      {questions.map((question) => (
        <Link
          key={`${question.conversation_id}-${question.why}`}
          to="/inbox/$conversationId"
          params={{ conversationId: question.conversation_id }}
          search={true}
          className={classes.earlier}
          aria-current={question.conversation_id === current || undefined}
        >
          <span className="truncate" dir="auto">
            {question.words || "No text"}
          </span>
          <small>
            <State question={question} />
            {question.conversation_id === current && ", this conversation"}
          </small>
        </Link>
      ))}
    </Section>
  );
}

function State({ question: { why, at } }: { question: Question }) {
  if (why === "draft") return "A draft needs approval";
  if (why === "callback") return `Call back, due ${fullTime(at)}`;
  return (
    <>
      Waits for an answer: <Ago at={at} />
    </>
  );
}
