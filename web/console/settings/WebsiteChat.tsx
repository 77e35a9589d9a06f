import {
  ActionIcon,
  Button,
  NumberInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";

import { useChangeInbox } from "~/api/settings";
import type { Inbox } from "~/api/types";
import { sayDone } from "~/parts/notices";

import form from "./Form.module.css";
import classes from "./WebsiteChat.module.css";
import { readChat, writeChat, type Ask, type Invitation } from "./chatSettings";

const ASKS: { value: Ask; label: string }[] = [
  { value: "no", label: "Don't ask" },
  { value: "optional", label: "Ask, may be left empty" },
  { value: "required", label: "Ask, must be filled in" },
];
const QUESTIONS = [
  ["name", "Name"],
  ["email", "Email"],
  ["phone", "Phone"],
] as const;
const MOST = 10;

/** What visitors meet in the chat of a website: the form before, the rating after, and invitations. */
export function WebsiteChat({ inbox, onDone }: { inbox: Inbox; onDone: () => void }) {
  const change = useChangeInbox(inbox.id);
  const [chat, setChat] = useState(() => readChat(inbox.config));
  const { invitations } = chat;
  const setInvitations = (changed: Invitation[]) => setChat({ ...chat, invitations: changed });
  const unfinished = invitations.some(({ text }) => !text.trim());
  const save = () =>
    change.mutate(
      { config: writeChat(chat) },
      {
        onSuccess: () => {
          sayDone("Saved.");
          onDone();
        },
      },
    );
  return (
    <div className={form.form}>
      <fieldset className={classes.group}>
        <legend>Ask before the chat</legend>
        <p className={classes.hint}>
          What visitors type proves nothing about who they are. Those who are signed in on your
          website aren't asked.
        </p>
        <div className={classes.questions}>
          {QUESTIONS.map(([ask, label]) => (
            <Select
              key={ask}
              label={label}
              allowDeselect={false}
              data={ASKS}
              value={chat.asks[ask]}
              onChange={(value) =>
                setChat({ ...chat, asks: { ...chat.asks, [ask]: value as Ask } })
              }
            />
          ))}
        </div>
      </fieldset>
      <Switch
        label="Ask how the chat was"
        description="Once it is resolved: one to five stars, and a few words if they like."
        checked={chat.rating}
        onChange={(event) => setChat({ ...chat, rating: event.currentTarget.checked })}
      />
      <Switch
        label="Show that a message was read"
        description="Visitors see “Seen” below what a teammate has read."
        checked={chat.seen}
        onChange={(event) => setChat({ ...chat, seen: event.currentTarget.checked })}
      />
      <fieldset className={classes.group}>
        <legend>Say something first</legend>
        <p className={classes.hint}>
          A message beside the chat's button, on the pages you choose. It never opens the chat.
        </p>
        {invitations.map((invitation, index) => (
          <InvitationFields
            key={index}
            place={index + 1}
            invitation={invitation}
            onChange={(changed) =>
              setInvitations(invitations.map((one, at) => (at === index ? changed : one)))
            }
            onRemove={() => setInvitations(invitations.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={invitations.length >= MOST}
          onClick={() =>
            setInvitations([...invitations, { page: "*", seconds: 20, once: "visitor", text: "" }])
          }
        >
          Add a message
        </Button>
      </fieldset>
      <div className={form.actions}>
        <Button loading={change.isPending} disabled={unfinished} onClick={save}>
          Save
        </Button>
      </div>
    </div>
  );
}

interface InvitationProps {
  place: number;
  invitation: Invitation;
  onChange: (invitation: Invitation) => void;
  onRemove: () => void;
}

function InvitationFields({ place, invitation, onChange, onRemove }: InvitationProps) {
  return (
    <div className={classes.invitation} role="group" aria-label={`Message ${place}`}>
      <Textarea
        label="Message"
        autosize
        minRows={2}
        maxLength={300}
        required
        value={invitation.text}
        onChange={(event) => onChange({ ...invitation, text: event.currentTarget.value })}
      />
      <TextInput
        label="Page"
        description="An address such as /pricing or /shop/*, where * stands for anything."
        maxLength={100}
        value={invitation.page}
        onChange={(event) => onChange({ ...invitation, page: event.currentTarget.value })}
      />
      <div className={classes.questions}>
        <NumberInput
          label="Seconds on the page"
          min={0}
          max={3600}
          allowDecimal={false}
          clampBehavior="strict"
          value={invitation.seconds}
          onChange={(value) => onChange({ ...invitation, seconds: Number(value) || 0 })}
        />
        <Select
          label="How often"
          allowDeselect={false}
          data={[
            { value: "visitor", label: "Once per visitor" },
            { value: "day", label: "Once a day" },
          ]}
          value={invitation.once}
          onChange={(value) => onChange({ ...invitation, once: value as Invitation["once"] })}
        />
        <ActionIcon
          className={classes.remove}
          size={36}
          color="red"
          aria-label={`Remove message ${place}`}
          onClick={onRemove}
        >
          <Trash2 size={17} />
        </ActionIcon>
      </div>
    </div>
  );
}
