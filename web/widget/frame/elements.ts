/** An element with its classes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  classes = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = classes;
  return made;
}

/** What a button without words is called, for the eye and for screen readers. */
export function label(button: HTMLElement, words: string): void {
  button.ariaLabel = words;
  button.title = words;
}

const PATHS = {
  close: "M6 6l12 12M18 6 6 18",
  send: "M5 12h13M12 5l7 7-7 7",
  clip: "M20 11.5 12 19.4a5 5 0 0 1-7-7L13.4 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L15 7",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  page: "M4 5.5A2.5 2.5 0 0 1 6.5 3H19v16H6.5A2.5 2.5 0 0 0 4 21.5ZM8 8h7M8 12h5",
  bell: "M6 10a6 6 0 1 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10ZM10 20a2.2 2.2 0 0 0 4 0",
  bellOff:
    "M8 5.6A6 6 0 0 1 18 10c0 3 .7 4.8 1.3 5.7M16 16.5H4S6 15 6 10c0-.7.1-1.3.3-1.900M10 20a2.2 2.2 0 0 0 4 0M4 4l16 16",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8Z",
  mail: "M3.5 6h17v12h-17ZM4 7l8 6 8-6",
  file: "M7 3h7l5 5v13H7ZM14 3v5h5",
};

export function icon(which: keyof typeof PATHS): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `drawn drawn-${which}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[which]);
  svg.append(path);
  return svg;
}
