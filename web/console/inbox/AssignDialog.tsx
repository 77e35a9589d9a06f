import { Modal, TextInput, UnstyledButton } from "@mantine/core";
import { Search, UsersRound, UserX } from "lucide-react";
import { useState, type KeyboardEvent } from "react";

import { useMe } from "~/api/me";
import { useQueues, useTeammates } from "~/api/settings";
import type { Conversation } from "~/api/types";
import { Face } from "~/parts/Face";
import { Failed, Lines } from "~/parts/states";

import classes from "./AssignDialog.module.css";

type Target = { queue_id?: string | null; teammate_id?: string | null };

interface Props {
  open: boolean;
  conversation: Conversation;
  onClose: () => void;
  onAssign: (to: Target, name: string) => void;
}

export function AssignDialog({ open, onClose, ...rest }: Props) {
  return (
    <Modal opened={open} onClose={onClose} title="Assign to" size="sm">
      {open && <Choices {...rest} onClose={onClose} />}
    </Modal>
  );
}

interface Choice {
  key: string;
  name: string;
  detail: string;
  target: Target;
}

function Choices({ conversation, onClose, onAssign }: Omit<Props, "open">) {
  const teammates = useTeammates();
  const queues = useQueues();
  const me = useMe();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);

  if (teammates.isPending || queues.isPending) return <Lines count={4} tall />;
  if (teammates.isError || queues.isError) {
    return (
      <Failed
        error={teammates.error ?? queues.error}
        retry={() => void Promise.all([teammates.refetch(), queues.refetch()])}
      />
    );
  }

  const people = teammates.data
    .filter(({ active }) => active)
    .sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id))
    .map((one) => ({
      key: one.id,
      name: one.id === me.id ? `${one.name} (you)` : one.name,
      detail: one.available ? "available" : "away",
      target: { teammate_id: one.id },
    }));
  const teams = queues.data.map((one) => ({
    key: one.id,
    name: one.name,
    detail: "queue",
    target: { queue_id: one.id, teammate_id: null },
  }));
  const nobody = conversation.assignee
    ? [
        {
          key: "nobody",
          name: "Nobody",
          detail: "back to the queue",
          target: { teammate_id: null },
        },
      ]
    : [];
  const choices: Choice[] = [...people, ...teams, ...nobody].filter(({ name }) =>
    name.toLowerCase().includes(typed.trim().toLowerCase()),
  );

  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onAssign(choice.target, choice.name);
    onClose();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(choices.length - 1, at + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else if (event.key === "Enter") choose(choices[at]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <TextInput
        autoFocus
        aria-label="Find a teammate or queue"
        placeholder="Teammate or queue"
        leftSection={<Search size={15} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div className={classes.choices}>
        {choices.map((choice, index) => (
          <UnstyledButton
            key={choice.key}
            className={classes.choice}
            data-at={index === at || undefined}
            onMouseEnter={() => setAt(index)}
            onClick={() => choose(choice)}
          >
            <Picture choice={choice} />
            <span className="truncate">{choice.name}</span>
            <small>{choice.detail}</small>
          </UnstyledButton>
        ))}
        {choices.length === 0 && <p className={classes.none}>Nobody by that name.</p>}
      </div>
    </>
  );
}

function Picture({ choice }: { choice: Choice }) {
  if (choice.key === "nobody") return <UserX size={18} aria-hidden />;
  if ("queue_id" in choice.target) return <UsersRound size={18} aria-hidden />;
  return <Face name={choice.name} size={22} />;
}
