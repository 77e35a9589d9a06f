import { Modal, UnstyledButton } from "@mantine/core";

import { useCustomer } from "~/api/customers";
import type { Conversation } from "~/api/types";
import { Failed, Lines } from "~/parts/states";
import { Ago } from "~/parts/time";

import classes from "./AssignDialog.module.css";

interface Props {
  open: boolean;
  conversation: Conversation;
  onClose: () => void;
  onMerge: (intoId: string) => void;
}

/** Puts this conversation into another of the same customer. */
export function MergeDialog({ open, onClose, ...rest }: Props) {
  return (
    <Modal opened={open} onClose={onClose} title="Merge into" size="sm">
      {open && <Others {...rest} onClose={onClose} />}
    </Modal>
  );
}

function Others({ conversation, onClose, onMerge }: Omit<Props, "open">) {
  const customer = useCustomer(conversation.customer.id);
  if (customer.isPending) return <Lines count={3} tall />;
  if (customer.isError) {
    return <Failed error={customer.error} retry={() => void customer.refetch()} />;
  }
  const others = customer.data.conversations.filter(({ id }) => id !== conversation.id);
  if (others.length === 0) return <p>This customer has no other conversation.</p>;
  return others.map((row) => (
    <UnstyledButton
      key={row.id}
      className={classes.choice}
      onClick={() => {
        onMerge(row.id);
        onClose();
      }}
    >
      <span className="truncate" dir="auto">
        {row.subject || row.preview || "No text"}
      </span>
      <small>
        <Ago at={row.last_at} />
        {row.status === "resolved" ? ", resolved" : ", open"}
      </small>
    </UnstyledButton>
  ));
}
