import { Button, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useMoveIdentity, useUndoMove } from "~/api/customers";
import type { Customer } from "~/api/types";
import { sayUndoable } from "~/parts/notices";

import { CustomerSelect } from "./CustomerSelect";

type Identity = Customer["identities"][number];

interface Props {
  customer: Customer;
  /** The address that isn't this customer's; null: the dialog is closed. */
  identity: Identity | null;
  onClose: () => void;
}

/** An address, with all that was said from it, goes to whom it belongs. */
export function SplitDialog({ customer, identity, onClose }: Props) {
  return (
    <Modal opened={identity !== null} onClose={onClose} title="Whose address is this?">
      {identity && <SplitForm customer={customer} identity={identity} onDone={onClose} />}
    </Modal>
  );
}

function SplitForm(props: { customer: Customer; identity: Identity; onDone: () => void }) {
  const { customer, identity, onDone } = props;
  const alone = customer.identities.length === 1;
  const [known, setKnown] = useState(alone);
  const [toId, setToId] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const move = useMoveIdentity();
  const undo = useUndoMove();
  const incomplete = !why.trim() || (known && !toId);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // A promise, not a callback: the panel shows somebody else once the address has left.
    void move
      .mutateAsync({ identityId: identity.id, to_id: known ? toId : null, why: why.trim() })
      .then(
        ({ move_id }) => {
          sayUndoable("The address is moved.", () => undo.mutate(move_id));
          onDone();
        },
        () => undefined,
      );
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <div>
          <bdi>{identity.value}</bdi> leaves {customer.name || "this visitor"}, with all that was
          said from it.
        </div>
        <Radio.Group
          aria-label="Where it goes"
          value={known ? "known" : "own"}
          onChange={(value) => setKnown(value === "known")}
        >
          <Stack gap={6}>
            <Radio value="own" label="To a new customer of its own" disabled={alone} />
            <Radio value="known" label="To a customer we know" />
          </Stack>
        </Radio.Group>
        {known && (
          <CustomerSelect label="The customer" but={customer.id} value={toId} onChange={setToId} />
        )}
        <TextInput
          label="How do you know?"
          description="Stands in the history, for whoever looks at it later."
          required
          maxLength={200}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        <Button type="submit" disabled={incomplete} loading={move.isPending}>
          Move the address
        </Button>
      </Stack>
    </form>
  );
}
