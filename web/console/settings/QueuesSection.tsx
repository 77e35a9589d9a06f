import { Badge, Button, Modal } from "@mantine/core";
import { Plus, UsersRound } from "lucide-react";
import { useState } from "react";

import { useQueues } from "~/api/settings";
import type { Queue } from "~/api/types";
import { Empty } from "~/parts/states";

import classes from "./People.module.css";
import { QueueEditor } from "./QueueEditor";
import { Section } from "./Section";

export function QueuesSection() {
  const queues = useQueues();
  const [open, setOpen] = useState<Queue | "new" | null>(null);
  return (
    <Section
      title="Queues"
      text="Where conversations wait for people. Rules decide which; the fallback takes what no rule does."
      query={queues}
      action={
        <Button leftSection={<Plus size={16} />} onClick={() => setOpen("new")}>
          Add queue
        </Button>
      }
    >
      {(all) => (
        <>
          {all.length === 0 && <Empty icon={UsersRound} title="No queue yet" />}
          <ul className={classes.list}>
            {all.map((queue) => (
              <li key={queue.id}>
                <button className={classes.row} onClick={() => setOpen(queue)}>
                  <UsersRound size={20} aria-hidden />
                  <span className={classes.names}>
                    <bdi className="truncate">{queue.name}</bdi>
                    <small className="truncate">{inWords(queue)}</small>
                  </span>
                  {queue.is_fallback && <Badge color="thread">fallback</Badge>}
                </button>
              </li>
            ))}
          </ul>
          <Modal
            opened={open !== null}
            onClose={() => setOpen(null)}
            title={open === "new" ? "Add queue" : open?.name}
            size="lg"
          >
            {open && (
              <QueueEditor queue={open === "new" ? null : open} onDone={() => setOpen(null)} />
            )}
          </Modal>
        </>
      )}
    </Section>
  );
}

function inWords(queue: Queue): string {
  const people = queue.members.length === 1 ? "1 teammate" : `${queue.members.length} teammates`;
  const rules = queue.rules.length === 1 ? "1 rule" : `${queue.rules.length} rules`;
  const hours = Object.keys(queue.hours.days ?? {}).length ? "opening hours" : "always open";
  return `${people}, ${rules}, ${hours}`;
}
