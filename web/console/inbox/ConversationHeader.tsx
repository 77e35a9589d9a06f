import { ActionIcon, Badge, Button, Menu, Tooltip } from "@mantine/core";
import {
  AlarmClock,
  ArrowLeft,
  Bot,
  CircleCheck,
  Ellipsis,
  GitMerge,
  Hand,
  PanelRight,
  PhoneOutgoing,
  RotateCcw,
  UserPlus,
} from "lucide-react";

import { useMe } from "~/api/me";
import type { Conversation } from "~/api/types";
import { Face } from "~/parts/Face";
import { fullTime } from "~/parts/time";

import classes from "./ConversationHeader.module.css";
import { snoozes, type Verbs } from "./verbs";

interface Props {
  conversation: Conversation;
  verbs: Verbs;
  onAssign: () => void;
  onMerge: () => void;
  onCall: () => void;
  onPanel: () => void;
  panelOpen: boolean;
  onClose: () => void;
}

export function ConversationHeader(props: Props) {
  const { conversation, verbs, panelOpen, onPanel, onClose } = props;
  const resolved = conversation.status === "resolved";
  const name = conversation.customer.name || "Visitor";
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.back}
        size={34}
        aria-label="Back to the list"
        onClick={onClose}
      >
        <ArrowLeft size={19} />
      </ActionIcon>
      <button className={classes.who} onClick={onPanel} aria-expanded={panelOpen}>
        <Face name={name} size={36} />
        <span className={classes.names}>
          <span className={classes.nameLine}>
            <bdi className={`${classes.name} truncate`}>{name}</bdi>
            <State conversation={conversation} />
            <LastRating conversation={conversation} />
          </span>
          <span className={`${classes.subject} truncate`} dir="auto">
            {conversation.subject || ownerLine(conversation)}
          </span>
        </span>
      </button>
      <div className={classes.actions}>
        {!resolved && <TakeButton conversation={conversation} onClick={verbs.takeOrGiveBack} />}
        <Tooltip label={resolved ? "Reopen (e)" : "Resolve (e)"}>
          <Button
            size="xs"
            variant={resolved ? "default" : "light"}
            leftSection={resolved ? <RotateCcw size={15} /> : <CircleCheck size={15} />}
            onClick={verbs.resolveOrReopen}
          >
            {resolved ? "Reopen" : "Resolve"}
          </Button>
        </Tooltip>
        <MoreMenu {...props} />
        <Tooltip label="Customer panel (c)">
          <ActionIcon
            size={30}
            variant={panelOpen ? "light" : "subtle"}
            color={panelOpen ? "thread" : "gray"}
            aria-label="Customer panel"
            aria-pressed={panelOpen}
            className={classes.wide}
            onClick={onPanel}
          >
            <PanelRight size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

function TakeButton(props: { conversation: Conversation; onClick: () => void }) {
  const me = useMe();
  const { with_person, assignee } = props.conversation;
  if (assignee && assignee.id !== me.id) return null;
  const mine = with_person && assignee !== null;
  return (
    <Tooltip
      label={mine ? "Let the assistant answer again (t)" : "You answer; the assistant stops (t)"}
    >
      <Button
        size="xs"
        variant={mine ? "default" : "filled"}
        leftSection={mine ? <Bot size={15} /> : <Hand size={15} />}
        onClick={props.onClick}
      >
        {mine ? "Give back" : "Take over"}
      </Button>
    </Tooltip>
  );
}

function MoreMenu({ conversation, verbs, onAssign, onMerge, onCall, onPanel }: Props) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size={30} aria-label="More actions">
          <Ellipsis size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<UserPlus size={15} />} onClick={onAssign}>
          Assign
        </Menu.Item>
        <Menu.Item leftSection={<GitMerge size={15} />} onClick={onMerge}>
          Merge into another
        </Menu.Item>
        <Menu.Item leftSection={<PhoneOutgoing size={15} />} onClick={onCall}>
          Call the customer
        </Menu.Item>
        {conversation.with_person && conversation.status !== "resolved" && (
          <Menu.Item leftSection={<Bot size={15} />} onClick={verbs.giveBack}>
            Give back to the assistant
          </Menu.Item>
        )}
        <Menu.Item leftSection={<PanelRight size={15} />} onClick={onPanel}>
          Customer panel
        </Menu.Item>
        <Menu.Divider />
        {conversation.status === "snoozed" ? (
          <Menu.Item leftSection={<AlarmClock size={15} />} onClick={verbs.wake}>
            Wake up now
          </Menu.Item>
        ) : (
          <>
            <Menu.Label>Snooze until</Menu.Label>
            {snoozes().map(({ label, until }) => (
              <Menu.Item
                key={label}
                leftSection={<AlarmClock size={15} />}
                onClick={() => verbs.snooze(until)}
              >
                {label}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function State({ conversation }: { conversation: Conversation }) {
  if (conversation.status === "resolved") return <Badge color="gray">Resolved</Badge>;
  if (conversation.status === "snoozed") {
    const until = conversation.snoozed_until;
    return <Badge color="yellow">Snoozed{until && ` until ${fullTime(until)}`}</Badge>;
  }
  if (!conversation.with_person) return <Badge color="indigo">Assistant answers</Badge>;
  return <Badge color="thread">{conversation.assignee?.name ?? "Waits for a person"}</Badge>;
}

/** How the customer found it, the last time they said so. */
function LastRating({ conversation }: { conversation: Conversation }) {
  const last = conversation.ratings.at(-1);
  if (!last) return null;
  return (
    <Tooltip label={last.comment || "The customer's rating"} multiline maw={320}>
      <Badge color={last.score < 3 ? "red" : last.score > 3 ? "green" : "gray"}>
        Rated {last.score} of 5
      </Badge>
    </Tooltip>
  );
}

function ownerLine({ queue, assignee, with_person }: Conversation): string {
  if (assignee) return queue ? `${assignee.name} · ${queue.name}` : assignee.name;
  if (with_person) return queue?.name ?? "Unassigned";
  return "The assistant answers here";
}
