import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

export function sayProblem(error: unknown): void {
  const message = error instanceof Error ? error.message : "Something went wrong. Try again.";
  notifications.show({ color: "red", title: "That didn't work", message, autoClose: 9000 });
}

export function sayDone(message: string): void {
  notifications.show({ message });
}

/** Something was done that can be taken back. */
export function sayUndoable(message: string, undo: () => void): void {
  const id = notifications.show({
    autoClose: 9000,
    message: (
      <span className="notice-undo">
        {message}
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
  });
}
