import { Button, Textarea } from "@mantine/core";
import { MessageCircleQuestion } from "lucide-react";
import { useState, type KeyboardEvent, type SyntheticEvent } from "react";

import { useAsk } from "~/api/articles";
import { MessageText } from "~/parts/Markdown";
import { SourceLinks } from "~/parts/SourceLinks";
import { Empty, Failed, Lines } from "~/parts/states";
import { TraceView } from "~/trace/TraceView";

import classes from "./AskBox.module.css";

/** Try a question the way a customer would ask it; nothing is stored or sent. */
export function AskBox() {
  const ask = useAsk();
  const [question, setQuestion] = useState("");

  const submit = (event?: SyntheticEvent) => {
    event?.preventDefault();
    if (question.trim()) ask.mutate(question.trim());
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey) submit(event);
  };

  return (
    <div className={classes.box}>
      <form onSubmit={submit}>
        <Textarea
          label="Try a question"
          description="Answered as on a website, with today's articles."
          placeholder="How long does delivery take?"
          autosize
          minRows={2}
          maxRows={6}
          dir="auto"
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <Button type="submit" mt="xs" size="xs" loading={ask.isPending} disabled={!question.trim()}>
          Ask
        </Button>
      </form>
      {ask.isPending ? (
        <Lines count={5} />
      ) : ask.isError ? (
        <Failed error={ask.error} retry={() => submit()} />
      ) : ask.data ? (
        <>
          <div className={classes.answer} aria-live="polite">
            <MessageText text={ask.data.text || "No answer."} />
            {ask.data.sources.length > 0 && <SourceLinks sources={ask.data.sources} />}
          </div>
          <TraceView trace={ask.data} />
        </>
      ) : (
        <Empty icon={MessageCircleQuestion} title="What would a customer ask?">
          You see the answer, where it comes from, and how sure the assistant is.
        </Empty>
      )}
    </div>
  );
}
