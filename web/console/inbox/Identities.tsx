import { Badge, Button, Tooltip, UnstyledButton } from "@mantine/core";
import { ChevronRight } from "lucide-react";
import { useState } from "react";

import { useAskForCode, useUndoMove } from "~/api/customers";
import type { Customer } from "~/api/types";
import { identityName } from "~/parts/ChannelIcon";
import { sayDone } from "~/parts/notices";
import { STRENGTHS, strengthName } from "~/parts/strengths";
import { fullTime } from "~/parts/time";

import classes from "./CustomerPanel.module.css";
import { Section } from "./PanelSection";
import { SplitDialog } from "./SplitDialog";
import { WriteDialog } from "./WriteDialog";

type Identity = Customer["identities"][number];

/** The addresses of a customer, each with what speaks for it. */
export function Identities({ customer, current }: { customer: Customer; current: string }) {
  const code = useAskForCode(current);
  const [writing, setWriting] = useState(false);
  const [leaving, setLeaving] = useState<Identity | null>(null);
  return (
    <Section title="Identities" count={customer.identities.length}>
      {customer.identities.map((identity) => (
        <IdentityLine key={identity.id} identity={identity} onSplit={() => setLeaving(identity)} />
      ))}
      <Moves customer={customer} />
      <Button size="compact-xs" variant="subtle" onClick={() => setWriting(true)}>
        New message
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        loading={code.isPending}
        onClick={() =>
          code.mutate(undefined, {
            onSuccess: () => sayDone("The customer is asked here for a one-time code."),
          })
        }
      >
        Ask for a one-time code
      </Button>
      <WriteDialog open={writing} customer={customer} onClose={() => setWriting(false)} />
      <SplitDialog customer={customer} identity={leaving} onClose={() => setLeaving(null)} />
    </Section>
  );
}

function IdentityLine(props: { identity: Identity; onSplit: () => void }) {
  const { identity, onSplit } = props;
  const [open, setOpen] = useState(false);
  return (
    <div>
      <UnstyledButton
        className={classes.identity}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight
          size={13}
          className={classes.chevron}
          data-open={open || undefined}
          aria-hidden
        />
        <span className={classes.address}>
          <small>{identityName(identity.kind)}</small>
          <bdi className="truncate" title={identity.value}>
            {identity.value}
          </bdi>
        </span>
        <Strength strength={identity.strength} />
      </UnstyledButton>
      {open && (
        <ul className={classes.evidence}>
          {identity.evidence.map((one, index) => (
            <li key={index}>
              {one.source || "No source given"}{" "}
              <small>
                {strengthName(one.strength)}, {fullTime(one.at)}
                {one.stale && `, counts no more: ${one.stale}`}
              </small>
            </li>
          ))}
          {identity.evidence.length === 0 && <li>No evidence on record.</li>}
          {identity.state === "retired" && <li>Given up by its owner: proves nothing.</li>}
          {identity.state === "shared" && <li>Several people write from it: proves nobody.</li>}
          <li>
            <Button size="compact-xs" variant="subtle" onClick={onSplit}>
              Not theirs
            </Button>
          </li>
        </ul>
      )}
    </div>
  );
}

function Strength({ strength }: { strength: string }) {
  return (
    <Tooltip label={STRENGTHS[strength]?.meaning ?? strength}>
      <Badge color={STRENGTHS[strength]?.colour ?? "gray"} size="sm">
        {strengthName(strength)}
      </Badge>
    </Tooltip>
  );
}

/** Addresses that came from or went to another customer. */
function Moves({ customer }: { customer: Customer }) {
  const undo = useUndoMove();
  if (customer.moves.length === 0) return null;
  return (
    <ul className={classes.evidence}>
      {customer.moves.map((move) => (
        <li key={move.id}>
          <bdi>{move.value}</bdi> {move.here ? "came here" : "was moved away"}: {move.source}{" "}
          <small>{fullTime(move.at)}</small>{" "}
          <Button
            size="compact-xs"
            variant="subtle"
            loading={undo.isPending && undo.variables === move.id}
            onClick={() => undo.mutate(move.id)}
          >
            Undo
          </Button>
        </li>
      ))}
    </ul>
  );
}
