import { Link } from "@tanstack/react-router";
import {
  AlarmClock,
  Bot,
  CircleCheck,
  Inbox,
  PencilLine,
  UserRound,
  UserRoundX,
  type LucideIcon,
} from "lucide-react";

import { useCounts } from "~/api/conversations";
import type { Counts } from "~/api/types";
import { useInSight } from "~/parts/inSight";
import type { InboxSearch } from "~/router";

import classes from "./Boxes.module.css";

type Box = NonNullable<InboxSearch["box"]>;

const BOXES: { box: Box; name: string; icon: LucideIcon }[] = [
  { box: "mine", name: "Mine", icon: UserRound },
  { box: "unassigned", name: "Unassigned", icon: UserRoundX },
  { box: "drafts", name: "Drafts", icon: PencilLine },
  { box: "assistant", name: "Assistant", icon: Bot },
  { box: "all", name: "All open", icon: Inbox },
  { box: "snoozed", name: "Snoozed", icon: AlarmClock },
  { box: "resolved", name: "Resolved", icon: CircleCheck },
];

export function Boxes({ search }: { search: InboxSearch }) {
  const counts = useCounts();
  const chosen = search.box ?? "all";
  const active = useInSight<HTMLAnchorElement>(chosen);
  return (
    <nav className={classes.boxes} aria-label="Boxes">
      <h1 className={classes.title}>Inbox</h1>
      {BOXES.map(({ box, name, icon: Icon }) => (
        <Link
          key={box}
          ref={box === chosen ? active : undefined}
          to="/inbox"
          search={{ ...search, box }}
          className={classes.box}
          data-active={box === chosen || undefined}
          aria-current={box === chosen ? "true" : undefined}
        >
          <Icon size={16} aria-hidden />
          <span className={classes.name}>{name}</span>
          <span className={classes.count}>{shown(counts.data, box)}</span>
        </Link>
      ))}
    </nav>
  );
}

function shown(counts: Counts | undefined, box: Box): string {
  const count = counts?.[box];
  if (!count) return "";
  return count > 9999 ? "9999+" : String(count);
}
