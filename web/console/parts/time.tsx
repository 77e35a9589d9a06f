import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The time, moving on by itself every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** "now", "5m", "3h", "Tue", "4 Mar", with the full time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <Tooltip label={fullTime(at)}>
      <time dateTime={at}>{shortly(at, now)}</time>
    </Tooltip>
  );
}

/** How long it has been: "4 min", "2 h", "3 d". */
export function Since({ at }: { at: string }) {
  return <time dateTime={at}>{lasting(useNow() - Date.parse(at))}</time>;
}

export function shortly(at: string, now: number): string {
  const then = new Date(at);
  const age = now - then.getTime();
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < 6 * DAY) return then.toLocaleDateString(undefined, { weekday: "short" });
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

export function lasting(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < HOUR) return `${Math.max(1, Math.round(span / MINUTE))} min`;
  if (span < DAY) return `${Math.round(span / HOUR)} h`;
  return `${Math.round(span / DAY)} d`;
}

/** When something will be: "14:30" today, else "Tue 09:00" or "4 Mar". */
export function soon(at: string): string {
  const then = new Date(at);
  const days = (midnight(then) - midnight(new Date())) / DAY;
  if (days < 1) return clockTime(at);
  if (days < 6.5) {
    return `${then.toLocaleDateString(undefined, { weekday: "short" })} ${clockTime(at)}`;
  }
  return then.toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

export function fullTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

export function clockTime(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** "Today", "Yesterday" or the date: the line between two days of a conversation. */
export function dayOf(at: string): string {
  const then = new Date(at);
  const days = Math.round((midnight(new Date()) - midnight(then)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return then.toLocaleDateString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

const midnight = (date: Date) => new Date(date).setHours(0, 0, 0, 0);
