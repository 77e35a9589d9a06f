import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { GitMerge, Split } from "lucide-react";

import type { Conversation } from "~/api/types";
import { fullTime } from "~/parts/time";

import classes from "./MovesStrip.module.css";

type Move = Conversation["moves"][number];

/** What was split off or merged here; only the newest can be taken back. */
export function MovesStrip(props: { moves: Move[]; onUndo: (move: Move) => void }) {
  const { moves, onUndo } = props;
  if (moves.length === 0) return null;
  return (
    <ul className={classes.strip} aria-label="Splits and merges">
      {moves.map((move, index) => (
        <li key={move.id}>
          {move.kind === "split" ? (
            <Split size={13} aria-hidden />
          ) : (
            <GitMerge size={13} aria-hidden />
          )}
          <span title={fullTime(move.at)}>
            {wordsFor(move)}{" "}
            <Link to="/inbox/$conversationId" params={{ conversationId: move.other_id }}>
              {move.kind === "merge" && !move.left ? "What it was" : "Open it"}
            </Link>
          </span>
          {index === 0 && (
            <Button size="compact-xs" variant="subtle" onClick={() => onUndo(move)}>
              Undo
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function wordsFor({ kind, left, by_customer }: Move): string {
  if (kind === "split") {
    return left
      ? "A part of this went into a conversation of its own."
      : "Split off from another conversation.";
  }
  const why = by_customer ? " The customer said that it is about the same." : "";
  return left
    ? `All of this was merged into another conversation.${why}`
    : `Another conversation was merged into this one.${why}`;
}
