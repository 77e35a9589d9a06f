import { useEffect, useRef } from "react";

/** How long a first key ("g") waits for its second. */
const SEQUENCE = 900;

/**
 * Single keys and two-key sequences ("g i") while this is on screen. They rest while somebody
 * types, while a dialog is open, and with Ctrl, Alt or Cmd held.
 */
export function useKeys(bindings: Record<string, () => void>): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });

  useEffect(() => {
    let first = "";
    let timer: ReturnType<typeof setTimeout> | undefined;

    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isForUs(event)) return;
      const pressed = first ? `${first} ${event.key}` : event.key;
      first = "";
      clearTimeout(timer);
      const action = current.current[pressed];
      if (action) {
        event.preventDefault();
        action();
      } else if (event.key === "g") {
        first = "g";
        timer = setTimeout(() => (first = ""), SEQUENCE);
      }
    };
    document.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
}

function isForUs(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, textarea, select, [contenteditable=true], [role=menu]")) return false;
  // Enter belongs to the button or link that has the focus.
  if (event.key === "Enter" && target?.closest("button, a, summary")) return false;
  // Escape may have closed the dialog it was pressed in before we hear of it.
  return !target?.closest("[role=dialog]") && !document.querySelector("[role=dialog]");
}
