import { UnstyledButton } from "@mantine/core";
import { Bot, CircleHelp, Split, StickyNote } from "lucide-react";
import { useState } from "react";

import type { Conversation, Message } from "~/api/types";
import { ChannelIcon, channelName } from "~/parts/ChannelIcon";
import { Face } from "~/parts/Face";
import { MessageText } from "~/parts/Markdown";
import { PlainText } from "~/parts/PlainText";
import { SourceLinks } from "~/parts/SourceLinks";
import { clockTime, fullTime } from "~/parts/time";

import { Attachments } from "./Attachments";
import { CallTranscript } from "./CallTranscript";
import { Delivery } from "./Delivery";
import { DraftActions } from "./DraftActions";
import { HtmlMail } from "./HtmlMail";
import classes from "./MessageItem.module.css";

interface Props {
  message: Message;
  conversation: Conversation;
  onWhy: (run: string) => void;
  onEdit: (draft: Message) => void;
  onSplit: (id: string) => void;
}

export function MessageItem(props: Props) {
  const { message } = props;
  if (message.direction === "note" && message.kind !== "message") {
    return <Activity message={message} />;
  }
  return (
    <article className={classes.item} data-look={lookOf(message)} aria-label={label(message)}>
      <Meta message={message} onChannel={props.conversation.threads.length > 1} />
      <div className={classes.row}>
        {message.direction === "in" && <Face name={message.author_name || "Visitor"} size={26} />}
        <div className={classes.bubble}>
          <Body {...props} />
        </div>
      </div>
      <Foot {...props} />
    </article>
  );
}

type Look = "customer" | "teammate" | "assistant" | "note" | "draft";

function lookOf(message: Message): Look {
  if (message.draft) return "draft";
  if (message.direction === "note") return "note";
  if (message.direction === "in") return "customer";
  return message.author === "teammate" ? "teammate" : "assistant";
}

function label(message: Message): string {
  const what = message.draft ? "Draft" : message.direction === "note" ? "Note" : "Message";
  return `${what} from ${message.author_name || message.author}, ${fullTime(message.at)}`;
}

function Activity({ message }: { message: Message }) {
  return (
    <p className={classes.activity}>
      {message.author_name && message.author === "teammate" && `${message.author_name}: `}
      <bdi>{message.text}</bdi> <time dateTime={message.at}>{clockTime(message.at)}</time>
    </p>
  );
}

/** `onChannel`: say where, because this conversation runs over several. */
function Meta({ message, onChannel }: { message: Message; onChannel: boolean }) {
  return (
    <div className={classes.meta}>
      {message.direction === "note" && <StickyNote size={13} aria-hidden />}
      {message.author === "assistant" && <Bot size={13} aria-hidden />}
      <bdi className={classes.author}>
        {message.draft ? "Draft by the assistant" : message.author_name || wordFor(message.author)}
      </bdi>
      {onChannel && message.channel && (
        <span className={classes.channel} title={channelName(message.channel)}>
          <ChannelIcon kind={message.channel} size={12} />
          <bdi className="truncate">{message.inbox_name || channelName(message.channel)}</bdi>
        </span>
      )}
      <time dateTime={message.at} title={fullTime(message.at)}>
        {clockTime(message.at)}
      </time>
      {message.edited_at && <span>edited</span>}
      {typeof message.details.joined === "string" && (
        <span className={classes.automatic} title={message.details.joined}>
          {message.details.joined}
        </span>
      )}
      {Array.isArray(message.details.inboxes) && (
        <span className={classes.automatic}>to {message.details.inboxes.join(" and ")}</span>
      )}
      {message.automatic && <span className={classes.automatic}>{message.automatic}</span>}
    </div>
  );
}

function wordFor(author: Message["author"]): string {
  return {
    customer: "Customer",
    assistant: "Assistant",
    teammate: "Teammate",
    system: "OneThread",
  }[author];
}

function Body({ message, conversation, onEdit }: Props) {
  if (message.deleted_at) return <p className={classes.gone}>{whyGone(message)}</p>;
  return (
    <>
      {message.subject && message.subject !== conversation.subject && (
        <p className={classes.subject} dir="auto">
          {message.subject}
        </p>
      )}
      {message.kind === "call" ? <CallTranscript message={message} /> : <Text message={message} />}
      {message.state === "speaking" && <span className={classes.caret} aria-label="being said" />}
      <Attachments files={message.attachments} />
      {message.choices.length > 0 && (
        <ul className={classes.choices} aria-label="Choices offered">
          {message.choices.map((choice) => (
            <li key={choice}>{choice}</li>
          ))}
        </ul>
      )}
      {message.sources.length > 0 && <SourceLinks sources={message.sources} />}
      {message.draft && (
        <DraftActions draft={message} conversationId={conversation.id} onEdit={onEdit} />
      )}
      <Reactions reactions={message.reactions} />
    </>
  );
}

function whyGone({ details }: Message): string {
  const { rejected } = details;
  if (rejected === undefined) return "The sender deleted this message.";
  return rejected ? `Rejected draft: ${String(rejected)}` : "Rejected draft.";
}

function Text({ message }: { message: Message }) {
  const [html, setHtml] = useState(false);
  const [quoted, setQuoted] = useState(false);
  const unknown = message.direction !== "note" && message.kind !== "message" && !message.text;
  return (
    <>
      {html ? (
        <HtmlMail html={message.html} />
      ) : message.direction === "out" || message.direction === "note" ? (
        <MessageText text={message.text} />
      ) : (
        <PlainText text={message.text} />
      )}
      {unknown && message.attachments.length === 0 && (
        <p className={classes.gone}>{`Sent something this inbox can't show (${message.kind}).`}</p>
      )}
      {quoted && !html && <PlainText text={message.quoted} className={classes.quoted} />}
      <div className={classes.toggles}>
        {message.quoted && !html && (
          <Toggle on={quoted} onClick={() => setQuoted(!quoted)} label="quoted text" />
        )}
        {message.html && (
          <Toggle on={html} onClick={() => setHtml(!html)} label="the original mail" />
        )}
      </div>
    </>
  );
}

function Toggle({ on, onClick, label }: { on: boolean; onClick: () => void; label: string }) {
  return (
    <UnstyledButton className={classes.toggle} aria-expanded={on} onClick={onClick}>
      {on ? "Hide" : "Show"} {label}
    </UnstyledButton>
  );
}

function Reactions({ reactions }: { reactions: Record<string, string> }) {
  const emojis = Object.values(reactions).filter(Boolean);
  if (emojis.length === 0) return null;
  return (
    <p className={classes.reactions} aria-label="Reactions">
      {emojis.join(" ")}
    </p>
  );
}

function Foot({ message, conversation, onWhy, onSplit }: Props) {
  const { run_id: run } = message;
  const first = conversation.messages.find(({ direction }) => direction !== "note");
  const splits = message.direction === "in" && message.id !== first?.id;
  if (!run && message.direction !== "out" && !splits) return null;
  return (
    <div className={classes.foot}>
      {splits && (
        <UnstyledButton
          className={classes.why}
          title="This message and all after it go into a new conversation"
          onClick={() => onSplit(message.id)}
        >
          <Split size={13} aria-hidden /> Split off from here
        </UnstyledButton>
      )}
      {run && (
        <UnstyledButton className={classes.why} onClick={() => onWhy(run)}>
          <CircleHelp size={13} aria-hidden /> Why this answer?
        </UnstyledButton>
      )}
      {message.state && <Delivery message={message} conversationId={conversation.id} />}
    </div>
  );
}
