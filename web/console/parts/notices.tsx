import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const LONG = 9000;

export function sayProblem(error: unknown): void {
  const message = error instanceof Error ? error.message : "Something went wrong. Try again.";
  notifications.show({ color: "red", title: "That didn't work", message, autoClose: LONG });
}

export function sayDone(message: string): void {
  notifications.show({ message });
}

/** What the key for undoing takes back, while its notice is on screen. */
let lastUndo: (() => void) | null = null;

/** Something was done that can be taken back, by the button or by `undoLast`. */
export function sayUndoable(message: string, undo: () => void): void {
  const takeBack = () => {
    notifications.hide(id);
    forget();
    undo();
  };
  const forget = () => {
    if (lastUndo === takeBack) lastUndo = null;
  };
  lastUndo = takeBack;
  const id = notifications.show({
    autoClose: LONG,
    onClose: forget,
    message: (
      <span className="notice-undo">
        {message}
        <Button size="compact-sm" variant="subtle" onClick={takeBack}>
          Undo
        </Button>
      </span>
    ),
  });
}

export function undoLast(): void {
  lastUndo?.();
}
