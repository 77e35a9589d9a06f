import { Badge } from "@mantine/core";
import { UsersRound } from "lucide-react";

import { useQueues } from "~/api/settings";
import type { Queue } from "~/api/types";

import { EditableList } from "./EditableList";
import { QueueEditor } from "./QueueEditor";

export function QueuesSection() {
  return (
    <EditableList
      title="Queues"
      text="Where conversations wait for people. Rules decide which; the fallback takes what no rule does."
      query={useQueues()}
      icon={UsersRound}
      empty="No queue yet"
      add="Add queue"
      size="lg"
      row={(queue) => ({
        picture: <UsersRound size={20} aria-hidden />,
        detail: inWords(queue),
        badges: queue.is_fallback && <Badge color="thread">fallback</Badge>,
      })}
      form={(queue, close) => <QueueEditor queue={queue} onDone={close} />}
    />
  );
}

function inWords(queue: Queue): string {
  const people = queue.members.length === 1 ? "1 teammate" : `${queue.members.length} teammates`;
  const rules = queue.rules.length === 1 ? "1 rule" : `${queue.rules.length} rules`;
  const hours = Object.keys(queue.hours.days ?? {}).length ? "opening hours" : "always open";
  return `${people}, ${rules}, ${hours}`;
}
