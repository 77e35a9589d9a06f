import { Button, Group, Select } from "@mantine/core";
import { MailCheck } from "lucide-react";
import { useState } from "react";

import { useDeadLetterAct, useDeadLetters, useInboxes, useReplayDeadLetters } from "~/api/settings";
import type { DeadLetter } from "~/api/types";
import { sayDone, sayUndoable } from "~/parts/notices";
import { Empty } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./DeadLettersSection.module.css";
import { Card, Section } from "./Section";

/** As many as the server gives at once. */
const SHOWN = 200;

export function DeadLettersSection() {
  const [inboxId, setInboxId] = useState("");
  const letters = useDeadLetters(inboxId);
  return (
    <Section
      title="Dead letters"
      text="What arrived but couldn't be understood. Nothing is thrown away: try it again once the cause is fixed."
      action={<Choice inboxId={inboxId} choose={setInboxId} count={letters.data?.length ?? 0} />}
      query={letters}
    >
      {(all) =>
        all.length === 0 ? (
          <Empty icon={MailCheck} title="None">
            {inboxId
              ? "Everything that arrived in this inbox was understood."
              : "Everything that arrived was understood."}
          </Empty>
        ) : (
          <>
            {all.map((letter) => (
              <Letter key={letter.id} letter={letter} />
            ))}
            {all.length === SHOWN && (
              <p className={classes.facts}>These are the latest {SHOWN}; there may be more.</p>
            )}
          </>
        )
      }
    </Section>
  );
}

interface ChoiceProps {
  inboxId: string;
  choose: (inboxId: string) => void;
  count: number;
}

/** Which inbox's are shown, and all of these at once. */
function Choice({ inboxId, choose, count }: ChoiceProps) {
  const inboxes = useInboxes();
  const replay = useReplayDeadLetters();
  const names = (inboxes.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Group gap="xs">
      <Select
        size="xs"
        aria-label="Inbox"
        data={[{ value: "", label: "All inboxes" }, ...names]}
        value={inboxId}
        allowDeselect={false}
        onChange={(chosen) => choose(chosen ?? "")}
      />
      <Button
        size="xs"
        disabled={count === 0}
        loading={replay.isPending}
        onClick={() =>
          replay.mutate(inboxId, {
            onSuccess: ({ count: tried }) =>
              sayDone(`Trying ${tried} again. What fails once more comes back here.`),
          })
        }
      >
        Try all again
      </Button>
    </Group>
  );
}

function Letter({ letter }: { letter: DeadLetter }) {
  return (
    <Card>
      <div className={classes.top}>
        <div>
          <strong className={classes.reason}>{letter.reason}</strong>
          <p className={classes.facts}>
            {[letter.inbox_name, fullTime(letter.at)].filter(Boolean).join(", ")}
          </p>
        </div>
        <Verbs letter={letter} />
      </div>
      {letter.body && (
        <details>
          <summary>As it came</summary>
          <pre className={classes.body} dir="ltr">
            {readable(letter.body)}
          </pre>
        </details>
      )}
    </Card>
  );
}

function Verbs({ letter }: { letter: DeadLetter }) {
  const act = useDeadLetterAct();
  const again = () =>
    act.mutate(
      { id: letter.id, verb: "replay" },
      { onSuccess: () => sayDone("Trying again. If it fails, it comes back here.") },
    );
  const aside = () =>
    act.mutate(
      { id: letter.id, verb: "delete" },
      {
        onSuccess: () =>
          sayUndoable("Put aside.", () => act.mutate({ id: letter.id, verb: "restore" })),
      },
    );
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        loading={act.isPending && act.variables.verb === "replay"}
        onClick={again}
      >
        Try again
      </Button>
      <Button
        size="xs"
        variant="subtle"
        loading={act.isPending && act.variables.verb === "delete"}
        onClick={aside}
      >
        Put aside
      </Button>
    </Group>
  );
}

/** JSON with a line for each value; anything else as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
