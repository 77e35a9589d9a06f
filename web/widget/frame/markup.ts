/**
 * The neutral mark-up of messages (paragraphs, lists, **bold**, [links](url)) as elements.
 * Text only ever becomes text nodes, so nothing in a message can run.
 */

interface Block {
  tag: "p" | "ul" | "ol";
  lines: string[];
  start: number;
}

const INLINE =
  /\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+|\/[^\s)]*|mailto:[^\s)]+)\)|(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/**
 * Show `text` in `box`. Blocks that stay the same keep their elements: a streamed answer is then
 * read out piece by piece, not from the start again each time.
 */
export function render(box: HTMLElement, text: string): void {
  const blocks = blocksOf(text);
  blocks.forEach((block, index) => {
    const source = JSON.stringify(block);
    const there = box.children[index] as HTMLElement | undefined;
    if (there?.dataset.source === source) return;
    const made = element(block);
    made.dataset.source = source;
    if (there) there.replaceWith(made);
    else box.append(made);
  });
  while (box.children.length > blocks.length) box.lastElementChild?.remove();
}

/** The text in blocks: runs of list lines, and paragraphs between empty lines. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of text.split("\n")) {
    const bullet = /^\s*[-*•] +(.*)$/.exec(line);
    const number = /^\s*(\d{1,3})[.)] +(.*)$/.exec(line);
    const tag = bullet ? "ul" : number ? "ol" : "p";
    if (!line.trim()) {
      open = undefined;
      continue;
    }
    const content = bullet?.[1] ?? number?.[2] ?? line;
    if (open?.tag === tag) {
      open.lines.push(content);
    } else {
      open = { tag, lines: [content], start: Number(number?.[1] ?? 1) };
      blocks.push(open);
    }
  }
  return blocks;
}

function element({ tag, lines, start }: Block): HTMLElement {
  const made = document.createElement(tag);
  made.dir = "auto";
  if (made instanceof HTMLOListElement) made.start = start;
  if (tag === "p") {
    lines.forEach((line, index) => {
      if (index) made.append(document.createElement("br"));
      made.append(...inline(line));
    });
    return made;
  }
  for (const line of lines) {
    const item = document.createElement("li");
    item.dir = "auto";
    item.append(...inline(line));
    made.append(item);
  }
  return made;
}

function inline(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, label, address, bare] = match;
    nodes.push(document.createTextNode(text.slice(end, match.index)));
    if (bold) nodes.push(strong(bold));
    else nodes.push(link(label ?? bare ?? whole, address ?? bare ?? ""));
    end = match.index + whole.length;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

function strong(text: string): HTMLElement {
  const made = document.createElement("strong");
  made.textContent = text;
  return made;
}

export function link(text: string, address: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.textContent = text;
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener";
  return made;
}
