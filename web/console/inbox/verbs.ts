import { useAct, type Action } from "~/api/conversations";
import type { Conversation } from "~/api/types";
import { sayUndoable } from "~/parts/notices";
import { fullTime } from "~/parts/time";

/** What a teammate does with the open conversation; what hides or moves it can be undone. */
export function useVerbs(conversation: Conversation) {
  const act = useAct(conversation.id);
  const { with_person, assignee, queue, status } = conversation;

  const undoable = (action: Action, done: string, ...back: Action[]) =>
    // A promise, not a callback: that is dropped once the next conversation is on screen.
    void act.mutateAsync(action).then(
      () =>
        sayUndoable(done, () => {
          void back.reduce<Promise<unknown>>(
            (earlier, one) => earlier.then(() => act.mutateAsync(one)),
            Promise.resolve(),
          );
        }),
      () => undefined,
    );
  const assignBack: Action = {
    verb: "assign",
    queue_id: queue?.id ?? null,
    teammate_id: assignee?.id ?? null,
  };
  const giveBack = () =>
    undoable({ verb: "give-back" }, "The assistant answers here again.", assignBack);

  return {
    takeOrGiveBack: () => (with_person && assignee ? giveBack() : act.mutate({ verb: "take" })),
    giveBack,
    resolveOrReopen: () =>
      status === "resolved"
        ? act.mutate({ verb: "reopen" })
        : undoable({ verb: "resolve" }, "Resolved.", { verb: "reopen" }),
    snooze: (until: Date) =>
      undoable(
        { verb: "snooze", until: until.toISOString() },
        `Snoozed until ${fullTime(until.toISOString())}, or until the customer writes.`,
        { verb: "reopen" },
      ),
    wake: () => act.mutate({ verb: "reopen" }),
    assign: (to: { queue_id?: string | null; teammate_id?: string | null }, name: string) =>
      undoable(
        { verb: "assign", ...to },
        `Assigned to ${name}.`,
        assignBack,
        ...(with_person ? [] : [{ verb: "give-back" } as const]),
      ),
  };
}

export type Verbs = ReturnType<typeof useVerbs>;

/** Times to snooze until that people ask for. */
export function snoozes(): { label: string; until: Date }[] {
  const at = (days: number, hour: number) => {
    const date = new Date();
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const toMonday = (8 - new Date().getDay()) % 7 || 7;
  return [
    { label: "In an hour", until: new Date(Date.now() + 3_600_000) },
    { label: "Tomorrow, 9:00", until: at(1, 9) },
    { label: "Monday, 9:00", until: at(toMonday, 9) },
    { label: "In a week", until: at(7, 9) },
  ];
}
