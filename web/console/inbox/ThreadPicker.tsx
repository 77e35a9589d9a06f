import { Menu, UnstyledButton } from "@mantine/core";
import { ChevronDown, TriangleAlert } from "lucide-react";

import type { Thread } from "~/api/types";
import { ChannelIcon } from "~/parts/ChannelIcon";
import { lasting, useNow } from "~/parts/time";

import classes from "./ThreadPicker.module.css";

const SOON = 4 * 60 * 60_000;

/** Which channel the reply goes out on. */
export function ThreadPicker(props: {
  threads: Thread[];
  chosen: Thread;
  onChoose: (id: string) => void;
}) {
  const { threads, chosen, onChoose } = props;
  const now = useNow();
  if (threads.length === 1) {
    return (
      <span className={classes.one}>
        <ThreadName thread={chosen} />
      </span>
    );
  }
  return (
    <Menu position="top-start" width={320}>
      <Menu.Target>
        <UnstyledButton className={classes.chosen} aria-label="Channel of the reply">
          <ThreadName thread={chosen} />
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
      </Menu.Dropdown>
    </Menu>
  );
}

/** Addresses that mean something to people; the others are numbers of the channel's own. */
const READABLE = ["email", "phone"];

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

/** How long this channel still lets us write freely, when that is limited and near its end. */
export function WindowLine({ thread }: { thread: Thread }) {
  const now = useNow();
  if (!thread.window_closes_at) return null;
  const left = Date.parse(thread.window_closes_at) - now;
  if (left > SOON) return null;
  return (
    <p className={classes.window} data-closed={left <= 0 || undefined} role="status">
      <TriangleAlert size={13} aria-hidden />
      {left > 0
        ? `This channel takes free replies for another ${lasting(left)}.`
        : "The 24 hours for free replies here are over. Choose another channel, or wait until the customer writes again."}
    </p>
  );
}

export function isClosed(thread: Thread, now: number): boolean {
  return thread.window_closes_at !== null && Date.parse(thread.window_closes_at) <= now;
}
