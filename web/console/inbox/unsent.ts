import { useState } from "react";

/** What somebody has typed but not sent, kept for this tab while they look elsewhere. */
const unsent = new Map<string, string>();

export function useUnsent(key: string) {
  const [, again] = useState(0);
  const place = (mode?: string) => (mode ? `${key.split(":")[0]}:${mode}` : key);
  const set = (text: string, mode?: string) => {
    if (text) unsent.set(place(mode), text);
    else unsent.delete(place(mode));
    again((count) => count + 1);
  };
  return [unsent.get(key) ?? "", set] as const;
}
