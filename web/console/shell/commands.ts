import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Command {
  name: string;
  run: () => void;
}

/** What the screen at hand offers to the palette. */
let offered: Command[] = [];
const listeners = new Set<() => void>();

function offer(commands: Command[]): void {
  offered = commands;
  listeners.forEach((listener) => listener());
}

/** Offer these in the palette while this is on screen. */
export function useCommands(commands: Command[]): void {
  const current = useRef(commands);
  const names = commands.map(({ name }) => name).join("\n");
  useEffect(() => {
    current.current = commands;
  });
  useEffect(() => {
    offer(
      names.split("\n").map((name, index) => ({ name, run: () => current.current[index]?.run() })),
    );
    return () => offer([]);
  }, [names]);
}

export function useOffered(): Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
}
