import { Link } from "@tanstack/react-router";
import { Bot, CircleCheck, Inbox, UserRound, UserRoundX, type LucideIcon } from "lucide-react";

import { useCounts } from "~/api/conversations";
import type { Counts } from "~/api/types";
import type { InboxSearch } from "~/router";

import classes from "./Boxes.module.css";

const BOXES: { box: NonNullable<InboxSearch["box"]>; name: string; icon: LucideIcon }[] = [
  { box: "mine", name: "Mine", icon: UserRound },
  { box: "unassigned", name: "Unassigned", icon: UserRoundX },
  { box: "assistant", name: "Assistant", icon: Bot },
  { box: "all", name: "All open", icon: Inbox },
  { box: "resolved", name: "Resolved", icon: CircleCheck },
];

export function Boxes({ search }: { search: InboxSearch }) {
  const counts = useCounts();
  return (
    <nav className={classes.boxes} aria-label="Boxes">
      <h1 className={classes.title}>Inbox</h1>
      {BOXES.map(({ box, name, icon: Icon }) => (
        <Link
          key={box}
          to="/inbox"
          search={{ ...search, box }}
          className={classes.box}
          data-active={(search.box ?? "all") === box || undefined}
          aria-current={(search.box ?? "all") === box ? "true" : undefined}
        >
          <Icon size={16} aria-hidden />
          <span className={classes.name}>{name}</span>
          <span className={classes.count}>{shown(counts.data, box)}</span>
        </Link>
      ))}
      {!!counts.data?.drafts && (
        <p className={classes.drafts}>
          {counts.data.drafts} {counts.data.drafts === 1 ? "draft waits" : "drafts wait"} for
          approval
        </p>
      )}
    </nav>
  );
}

function shown(counts: Counts | undefined, box: keyof Counts): string {
  const count = counts?.[box];
  if (!count) return "";
  return count > 9999 ? "9999+" : String(count);
}
