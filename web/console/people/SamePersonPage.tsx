import { Button, Group } from "@mantine/core";
import { UsersRound } from "lucide-react";
import { useState } from "react";

import { useJudge, useSuggestions } from "~/api/suggestions";
import type { Suggestion } from "~/api/types";
import { identityName } from "~/parts/ChannelIcon";
import { sayUndoable } from "~/parts/notices";
import { Empty, Failed, Lines } from "~/parts/states";
import { strengthName } from "~/parts/strengths";
import { useKeys } from "~/shell/keys";

import classes from "./SamePersonPage.module.css";

type Side = Suggestion["first"];

/** Pairs that may be one customer, side by side: j/k to move, m to merge, x for not the same. */
export function SamePersonPage() {
  const found = useSuggestions();
  const judge = useJudge();
  const [place, setPlace] = useState(0);
  const pairs = found.data ?? [];
  const at = Math.min(place, Math.max(0, pairs.length - 1));
  const chosen = pairs[at];

  const undo = (id: string) => judge.mutate({ verb: "reopen", id });
  const merge = (pair: Suggestion, into: Side) =>
    judge.mutate(
      { verb: "merge", id: pair.id, into_id: into.id },
      { onSuccess: () => sayUndoable("Merged.", () => undo(pair.id)) },
    );
  const dismiss = (pair: Suggestion) =>
    judge.mutate(
      { verb: "dismiss", id: pair.id },
      { onSuccess: () => sayUndoable("Not the same person.", () => undo(pair.id)) },
    );

  useKeys({
    j: () => setPlace(Math.min(at + 1, pairs.length - 1)),
    k: () => setPlace(Math.max(at - 1, 0)),
    m: () => chosen && !judge.isPending && merge(chosen, better(chosen)),
    x: () => chosen && !judge.isPending && dismiss(chosen),
  });

  if (found.isPending) return <Lines count={8} />;
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className={classes.page}>
      <h1>Same person?</h1>
      {pairs.length === 0 && (
        <Empty icon={UsersRound} title="No pairs to judge">
          When two customers may be one, they appear here with what speaks for it.
        </Empty>
      )}
      {pairs.map((pair, index) => (
        <section
          key={pair.id}
          className={classes.card}
          data-chosen={index === at || undefined}
          aria-label={`${nameOf(pair.first)} and ${nameOf(pair.second)}`}
        >
          <div className={classes.sides}>
            <SideView side={pair.first} />
            <SideView side={pair.second} />
          </div>
          <ul className={classes.reasons}>
            {pair.evidence.map((reason, number) => (
              <li key={number}>
                {reason.words} <bdi>{reason.address}</bdi>{" "}
                <small>{strengthName(reason.strength)}</small>
              </li>
            ))}
          </ul>
          <Group>
            <Button size="xs" disabled={judge.isPending} onClick={() => merge(pair, better(pair))}>
              Merge into {nameOf(better(pair))}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={judge.isPending}
              onClick={() => dismiss(pair)}
            >
              Not the same
            </Button>
          </Group>
        </section>
      ))}
    </div>
  );
}

function SideView({ side }: { side: Side }) {
  return (
    <div className={classes.side}>
      <strong>
        <bdi>{nameOf(side)}</bdi>
      </strong>
      <div>
        <small>{[side.merchant_id, side.city].filter(Boolean).join(", ")}</small>
      </div>
      <ul>
        {side.identities.map((identity) => (
          <li key={identity.id}>
            <bdi>{identity.value}</bdi>{" "}
            <small>
              {identityName(identity.kind)}, {strengthName(identity.strength).toLowerCase()}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Kept is whom the merchant knows, else the older record. */
function better({ first, second }: Suggestion): Side {
  if (Boolean(first.merchant_id) !== Boolean(second.merchant_id)) {
    return first.merchant_id ? first : second;
  }
  return first.created_at <= second.created_at ? first : second;
}

function nameOf(side: Side): string {
  return side.name || "Visitor";
}
