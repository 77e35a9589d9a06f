import { Avatar } from "@mantine/core";

/** Initials on a colour that stays the same for a name. */
export function Face({ name, size = 30 }: { name: string; size?: number }) {
  return (
    <Avatar size={size} radius="xl" color={colourOf(name)} aria-hidden>
      {initials(name)}
    </Avatar>
  );
}

const COLOURS = ["thread", "indigo", "grape", "orange", "cyan", "pink", "lime", "blue"];

function colourOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 100_003;
  return COLOURS[sum % COLOURS.length] as string;
}

function initials(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? "")
    .filter(Boolean);
  const [first = "?", ...others] = letters;
  return (first + (others.at(-1) ?? "")).toUpperCase();
}
