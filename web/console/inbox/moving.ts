import { useNavigate } from "@tanstack/react-router";

import { useMove, useUndoMove, type MoveAction } from "~/api/conversations";
import type { Conversation } from "~/api/types";
import { sayUndoable } from "~/parts/notices";

/** Splitting a conversation and merging it into another. Both can be undone. */
export function useMoving(conversation: Conversation) {
  const { id, messages } = conversation;
  const move = useMove(id);
  const undo = useUndoMove(id);
  const navigate = useNavigate();
  const open = (conversationId: string) =>
    void navigate({
      to: "/inbox/$conversationId",
      params: { conversationId },
      search: true,
    });

  // Promises, not callbacks: those are dropped once another conversation is on screen.
  const takeBack = (moveId: string) =>
    void undo.mutateAsync(moveId).then(({ conversation_id: back }) => open(back), toldAlready);
  const act = (action: MoveAction, done: string) =>
    void move.mutateAsync(action).then((moved) => {
      sayUndoable(done, () => takeBack(moved.id));
      open(moved.conversation_id);
    }, toldAlready);
  const splitFrom = (messageId: string) =>
    act(
      { verb: "split", message_id: messageId, following: true },
      "Split into a new conversation.",
    );

  return {
    splitFrom,
    takeBack,
    /** By key: from the customer's last message on. */
    splitLast: () => {
      const last = messages.findLast(({ direction }) => direction === "in");
      if (last) splitFrom(last.id);
    },
    mergeInto: (intoId: string) => act({ verb: "merge", into_id: intoId }, "Merged."),
  };
}

/** Whatever fails is said by the query client. */
const toldAlready = () => undefined;
