import { Button, Modal, TextInput } from "@mantine/core";
import { Merge } from "lucide-react";
import { useState } from "react";

import { useMerge, useUndoMerge } from "~/api/customers";
import type { Customer } from "~/api/types";
import { sayUndoable } from "~/parts/notices";
import { fullTime } from "~/parts/time";

import { CustomerSelect } from "./CustomerSelect";
import classes from "./MergeBox.module.css";

/** Two records of one person become one; it can be undone exactly. */
export function MergeBox({ customer }: { customer: Customer }) {
  const [open, setOpen] = useState(false);
  const undo = useUndoMerge();
  return (
    <section className={classes.box}>
      {customer.merges.map((merge) => (
        <div key={merge.id} className={classes.merge}>
          <span>
            Includes <bdi>{merge.merged.name || "a visitor"}</bdi>
            <small>
              {merge.source}, {fullTime(merge.at)}
            </small>
          </span>
          <Button
            size="compact-xs"
            variant="subtle"
            loading={undo.isPending && undo.variables === merge.id}
            onClick={() => undo.mutate(merge.id)}
          >
            Undo
          </Button>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        fullWidth
        leftSection={<Merge size={14} />}
        onClick={() => setOpen(true)}
      >
        Merge with another record
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={`Merge into ${customer.name || "this visitor"}`}
      >
        {open && <MergeForm customer={customer} onDone={() => setOpen(false)} />}
      </Modal>
    </section>
  );
}

function MergeForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const [other, setOther] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const merge = useMerge(customer.id);
  const undo = useUndoMerge();
  const submit = () => {
    if (!other) return;
    merge.mutate(
      { other_id: other, why: why.trim() },
      {
        onSuccess: ({ merges }) => {
          const made = merges.find(({ merged }) => merged.id === other);
          if (made) sayUndoable("Merged.", () => undo.mutate(made.id));
          onDone();
        },
      },
    );
  };

  return (
    <div className={classes.form}>
      <CustomerSelect
        label="The other record"
        but={customer.id}
        value={other}
        onChange={setOther}
      />
      <TextInput
        label="Why are they the same person?"
        description="Stands in the history, for whoever looks at it later."
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Button disabled={!other || !why.trim()} loading={merge.isPending} onClick={submit}>
        Merge
      </Button>
    </div>
  );
}
