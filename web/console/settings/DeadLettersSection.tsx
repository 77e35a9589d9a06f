import { Button, Group } from "@mantine/core";
import { MailCheck } from "lucide-react";

import { useDeadLetterAct, useDeadLetters } from "~/api/settings";
import type { DeadLetter } from "~/api/types";
import { sayDone, sayUndoable } from "~/parts/notices";
import { Empty } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./DeadLettersSection.module.css";
import { Card, Section } from "./Section";

export function DeadLettersSection() {
  const letters = useDeadLetters();
  return (
    <Section
      title="Dead letters"
      text="What arrived but couldn't be understood. Nothing is thrown away: try it again once the cause is fixed."
      query={letters}
    >
      {(all) =>
        all.length === 0 ? (
          <Empty icon={MailCheck} title="None">
            Everything that arrived was understood.
          </Empty>
        ) : (
          all.map((letter) => <Letter key={letter.id} letter={letter} />)
        )
      }
    </Section>
  );
}

function Letter({ letter }: { letter: DeadLetter }) {
  const act = useDeadLetterAct();
  return (
    <Card>
      <div>
        <strong className={classes.reason}>{letter.reason}</strong>
        <p className={classes.facts}>
          {[letter.inbox_name, fullTime(letter.at)].filter(Boolean).join(", ")}
        </p>
      </div>
      {letter.body && (
        <details>
          <summary>As it came</summary>
          <pre className={classes.body}>{letter.body}</pre>
        </details>
      )}
      <Group>
        <Button
          size="xs"
          loading={act.isPending && act.variables.verb === "replay"}
          onClick={() =>
            act.mutate(
              { id: letter.id, verb: "replay" },
              { onSuccess: () => sayDone("Trying again. If it fails, it comes back here.") },
            )
          }
        >
          Try again
        </Button>
        <Button
          size="xs"
          variant="subtle"
          loading={act.isPending && act.variables.verb === "delete"}
          onClick={() =>
            act.mutate(
              { id: letter.id, verb: "delete" },
              {
                onSuccess: () =>
                  sayUndoable("Put aside.", () => act.mutate({ id: letter.id, verb: "restore" })),
              },
            )
          }
        >
          Put aside
        </Button>
      </Group>
    </Card>
  );
}
