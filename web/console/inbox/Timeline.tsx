import { Button } from "@mantine/core";
import { ArrowDown, MessagesSquare, Star } from "lucide-react";
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";

import type { Conversation, Message } from "~/api/types";
import { Empty } from "~/parts/states";
import { clockTime, dayOf } from "~/parts/time";

import { MessageItem } from "./MessageItem";
import classes from "./Timeline.module.css";

/** This close to the end counts as reading the end. */
const NEAR = 120;

interface Props {
  conversation: Conversation;
  onWhy: (run: string) => void;
  onEdit: (draft: Message) => void;
  onSplit: (id: string) => void;
}

/** All messages over all channels, in one line of time. */
export function Timeline({ conversation, onWhy, onEdit, onSplit }: Props) {
  const { messages } = conversation;
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);
  const last = messages.at(-1);
  const growth = `${last?.id}:${last?.text.length}`;

  const toEnd = () => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    setBelow(false);
  };
  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd.current) setBelow(false);
  };

  useLayoutEffect(() => {
    const mine = last?.id.startsWith("sending-");
    if (atEnd.current || mine) toEnd();
    else setBelow(true);
  }, [growth, last?.id]);

  // Pictures and mails get their height late; stay at the end while they do.
  useEffect(() => {
    const content = scroller.current?.firstElementChild;
    if (!content) return;
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    observer.observe(content);
    return () => observer.disconnect();
  }, []);

  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label="Messages"
      >
        <div className={classes.messages}>
          {messages.length === 0 && (
            <Empty icon={MessagesSquare} title="No messages yet">
              What the customer writes appears here.
            </Empty>
          )}
          {messages.map((message, index) => (
            <Fragment key={message.id}>
              <Ratings all={ratedBetween(conversation, index)} />
              {startsDay(messages, index) && <div className={classes.day}>{dayOf(message.at)}</div>}
              <MessageItem
                message={message}
                conversation={conversation}
                onWhy={onWhy}
                onEdit={onEdit}
                onSplit={onSplit}
              />
            </Fragment>
          ))}
          <Ratings all={ratedBetween(conversation, messages.length)} />
        </div>
      </div>
      {below && (
        <Button
          className={classes.below}
          size="xs"
          radius="xl"
          leftSection={<ArrowDown size={14} />}
          onClick={toEnd}
        >
          New message
        </Button>
      )}
    </div>
  );
}

type Rating = Conversation["ratings"][number];

/** What the customer thought of it, in the line of time. */
function Ratings({ all }: { all: Rating[] }) {
  return all.map((rating) => (
    <p key={rating.id} className={classes.rating}>
      <Star size={14} aria-hidden /> The customer rated this {rating.score} of 5{" "}
      <time dateTime={rating.at}>{clockTime(rating.at)}</time>
      {rating.comment && <q dir="auto">{rating.comment}</q>}
    </p>
  ));
}

/** Rated after the message before this place, and before the one at it. */
function ratedBetween({ messages, ratings }: Conversation, index: number): Rating[] {
  const after = messages[index - 1]?.at;
  const before = messages[index]?.at;
  return ratings.filter(
    ({ at }) =>
      (!after || Date.parse(at) >= Date.parse(after)) &&
      (!before || Date.parse(at) < Date.parse(before)),
  );
}

function startsDay(messages: Message[], index: number): boolean {
  const before = messages[index - 1];
  const here = messages[index];
  return !before || !here || dayOf(before.at) !== dayOf(here.at);
}
