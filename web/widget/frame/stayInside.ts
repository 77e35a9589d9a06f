const REACHED = "a[href], button, input, textarea, select, [tabindex='0']";

/** Tab goes round within the chat: where it lies over the page, nothing behind it is reached. */
export function stayInside(event: KeyboardEvent): void {
  const all = [...document.querySelectorAll<HTMLElement>(REACHED)].filter(isReached);
  const [end, start] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (document.activeElement !== end && document.activeElement !== document.body) return;
  event.preventDefault();
  start?.focus();
}

function isReached(element: HTMLElement): boolean {
  const off = (element as HTMLButtonElement).disabled || element.tabIndex < 0;
  return !off && element.checkVisibility({ visibilityProperty: true });
}
