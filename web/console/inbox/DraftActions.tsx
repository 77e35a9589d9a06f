import { Button, Popover, Textarea } from "@mantine/core";
import { useState } from "react";

import { useRejectDraft, useReply } from "~/api/conversations";
import type { Message } from "~/api/types";

import classes from "./DraftActions.module.css";

interface Props {
  draft: Message;
  conversationId: string;
  onEdit: (draft: Message) => void;
}

/** Marks the button that approves, for whoever comes by key. */
export const APPROVE = "data-approve";

/** A draft waits for a person: send it as it is, change it first, or put it aside. */
export function DraftActions({ draft, conversationId, onEdit }: Props) {
  const reply = useReply(conversationId);
  return (
    <div className={classes.actions}>
      <Button
        size="compact-sm"
        {...{ [APPROVE]: true }}
        loading={reply.isPending}
        onClick={() => reply.mutate({ text: draft.text, draft_id: draft.id })}
      >
        Approve and send
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onEdit(draft)}>
        Edit
      </Button>
      <Reject draft={draft} conversationId={conversationId} />
    </div>
  );
}

function Reject({ draft, conversationId }: Omit<Props, "onEdit">) {
  const reject = useRejectDraft(conversationId);
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const send = () => reject.mutate({ id: draft.id, reason: reason.trim() });
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" width={280} trapFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => setOpen(!open)}>
          Reject
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Textarea
          label="What is wrong with it?"
          description="The assistant learns from this."
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
          }}
        />
        <Button mt="sm" size="compact-sm" color="red" loading={reject.isPending} onClick={send}>
          Reject the draft
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
