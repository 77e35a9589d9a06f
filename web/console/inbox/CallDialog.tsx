import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useCallCustomer } from "~/api/conversations";
import { sayDone } from "~/parts/notices";
import { fullTime } from "~/parts/time";

interface Props {
  open: boolean;
  conversationId: string;
  onClose: () => void;
}

/** The assistant calls the customer; the reason is the first thing they hear. */
export function CallDialog({ open, conversationId, onClose }: Props) {
  const [reason, setReason] = useState("");
  const call = useCallCustomer(conversationId);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    call.mutate(reason, {
      onSuccess: ({ dial_after: at }) => {
        const later = at && new Date(at).getTime() > Date.now() + 60_000;
        sayDone(
          later ? `The call is planned for ${fullTime(at)}.` : "The customer is being called.",
        );
        setReason("");
        onClose();
      },
    });
  };
  return (
    <Modal opened={open} onClose={onClose} title="Call the customer" size="sm">
      <form onSubmit={submit}>
        <TextInput
          label="Why you call"
          description="The assistant says that it is automatic, and then this."
          placeholder="your repair is finished"
          required
          data-autofocus
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" mt="md" loading={call.isPending}>
          Call
        </Button>
      </form>
    </Modal>
  );
}
