import { Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { ChevronDown, Plus, TriangleAlert } from "lucide-react";

import type { Thread } from "~/api/types";
import { ChannelIcon } from "~/parts/ChannelIcon";
import { lasting, useNow } from "~/parts/time";

import classes from "./ThreadPicker.module.css";

const SOON = 4 * 60 * 60_000;

/** Which channel the reply goes out on. */
export function ThreadPicker(props: {
  threads: Thread[];
  chosen: Thread | undefined;
  onChoose: (id: string) => void;
  onOther: () => void;
}) {
  const { threads, chosen, onChoose, onOther } = props;
  const now = useNow();
  return (
    <Menu position="top-start" width={320} classNames={{ itemLabel: classes.label }}>
      <Menu.Target>
        <UnstyledButton className={classes.chosen}>
          <VisuallyHidden>Channel of the reply: </VisuallyHidden>
          {chosen ? <ThreadName thread={chosen} /> : "Choose a channel"}
          <ChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {threads.map((thread) => (
          <Menu.Item key={thread.id} onClick={() => onChoose(thread.id)}>
            <span className={classes.item}>
              <ThreadName thread={thread} />
              {isClosed(thread, now) && <small>closed for now</small>}
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Plus size={14} />} onClick={onOther}>
          Another channel or address
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Addresses that mean something to people; the others are numbers of the channel's own. */
export const READABLE = ["email", "phone"];

function ThreadName({ thread }: { thread: Thread }) {
  return (
    <>
      <ChannelIcon kind={thread.inbox.kind} />
      <bdi className="truncate">
        {thread.inbox.name}
        {READABLE.includes(thread.identity.kind) && ` · ${thread.identity.value}`}
      </bdi>
    </>
  );
}

/** How long this channel still takes free text, and what there is to do when it no longer does. */
export function WindowLine({ thread }: { thread: Thread }) {
  const now = useNow();
  const words = thread.objection || windowWords(thread, now);
  if (!words) return null;
  const stopped = thread.objection !== "" || isClosed(thread, now);
  return (
    <p className={classes.window} data-closed={stopped || undefined} role="status">
      <TriangleAlert size={13} aria-hidden />
      {words}
    </p>
  );
}

function windowWords(thread: Thread, now: number): string {
  const left = leftOf(thread.window_closes_at, now);
  const leftForPeople = leftOf(thread.person_closes_at, now);
  if (left > SOON) return "";
  if (left > 0) return `This channel takes free replies for another ${lasting(left)}.`;
  if (leftForPeople > 0) {
    return `Only what you write yourself may still be sent here, for another ${lasting(leftForPeople)}.`;
  }
  const template = thread.takes_templates ? "Send a template, choose" : "Choose";
  return `The time for free replies here is over. ${template} another channel, or wait until the customer writes again.`;
}

function leftOf(end: string | null, now: number): number {
  return end === null ? Infinity : Date.parse(end) - now;
}

/** Nothing a teammate writes may go out here, until the customer writes again. */
export function isClosed(thread: Thread, now: number): boolean {
  return leftOf(thread.person_closes_at, now) <= 0;
}
