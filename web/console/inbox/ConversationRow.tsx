import { Tooltip } from "@mantine/core";
import { AlarmClock, Bot, Hourglass, PencilLine, UsersRound } from "lucide-react";

import type { ConversationRow as Row } from "~/api/types";
import { ChannelIcon } from "~/parts/ChannelIcon";
import { Face } from "~/parts/Face";
import { Ago, Since, soon, useNow } from "~/parts/time";

import classes from "./ConversationRow.module.css";

export const ROW_HEIGHT = 86;

const LATE = 60 * 60_000;

interface Props {
  row: Row;
  selected: boolean;
  onOpen: (id: string) => void;
}

export function ConversationRow({ row, selected, onOpen }: Props) {
  const name = row.customer.name || "Visitor";
  return (
    <button
      className={classes.row}
      data-selected={selected || undefined}
      data-unread={row.unread || undefined}
      aria-current={selected ? "true" : undefined}
      onClick={() => onOpen(row.id)}
    >
      <span className={classes.top}>
        {row.unread && (
          <span className={classes.dot}>
            <span className="visually-hidden">Unread</span>
          </span>
        )}
        <bdi className={`${classes.name} truncate`}>{name}</bdi>
        <span className={classes.time}>
          <Ago at={row.last_at} />
        </span>
      </span>
      <span className={`${classes.preview} truncate`} dir="auto">
        {row.subject && row.preview && <span className={classes.subject}>{row.subject} </span>}
        {before(row.preview_author)}
        {row.preview || row.subject || "No text"}
      </span>
      <span className={classes.facts}>
        <span className={classes.channels}>
          {row.channels.map((kind) => (
            <ChannelIcon key={kind} kind={kind} />
          ))}
        </span>
        <Owner row={row} />
        <span className={classes.space} />
        {row.drafts > 0 && (
          <span className={classes.draft}>
            <PencilLine size={12} aria-hidden /> Draft
          </span>
        )}
        {row.status === "snoozed" && row.snoozed_until && (
          <span className={classes.draft}>
            <AlarmClock size={12} aria-hidden /> {soon(row.snoozed_until)}
          </span>
        )}
        {row.waiting_since && row.status === "open" && <Waiting since={row.waiting_since} />}
      </span>
    </button>
  );
}

function Owner({ row }: { row: Row }) {
  if (row.assignee) {
    return (
      <span className={classes.owner}>
        <Face name={row.assignee.name} size={16} />
        <span className="truncate">{row.assignee.name}</span>
      </span>
    );
  }
  if (row.with_person) {
    return (
      <span className={classes.owner}>
        <UsersRound size={13} aria-hidden />
        <span className="truncate">{row.queue?.name ?? "Unassigned"}</span>
      </span>
    );
  }
  if (row.status === "resolved") return null;
  return (
    <span className={classes.owner}>
      <Bot size={13} aria-hidden /> Assistant
    </span>
  );
}

function Waiting({ since }: { since: string }) {
  const late = useNow() - Date.parse(since) > LATE;
  return (
    <Tooltip label="The customer waits for an answer">
      <span className={classes.waiting} data-late={late || undefined}>
        <Hourglass size={11} aria-hidden />
        <span className="visually-hidden">waiting </span>
        <Since at={since} />
      </span>
    </Tooltip>
  );
}

function before(author: string): string {
  if (author === "assistant") return "Assistant: ";
  if (author === "teammate") return "Team: ";
  return "";
}
