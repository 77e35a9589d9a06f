import { useEffect, useRef } from "react";

/** Scrolls the element into sight whenever `what` changes: the chosen one of a row of links. */
export function useInSight<T extends HTMLElement>(what: string) {
  const element = useRef<T>(null);
  useEffect(() => {
    void element.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [what]);
  return element;
}
