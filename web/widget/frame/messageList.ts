import { fill, type Strings } from "../strings";
import { ArrivedFiles } from "./arrivedFiles";
import type { ChatMessage } from "./api";
import type { Chat } from "./chat";
import { icon, make } from "./elements";
import { link, render } from "./markup";
import type { Outgoing } from "./outbox";

/** What was said, with what is being said and what is on its way; it stays at its end. */
export class MessageList {
  readonly log = make("div", "log");
  private readonly list = make("ol", "messages");
  private readonly greeting = make("li", "message");
  private readonly invitation = make("li", "message");
  private readonly typing = make("li", "message");
  private readonly items = new Map<string, HTMLElement>();
  private readonly arrived: ArrivedFiles;
  private nearEnd = true;

  constructor(
    private readonly chat: Chat,
    private readonly choose: (choice: string) => void,
  ) {
    this.arrived = new ArrivedFiles(chat.api);
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "polite");
    this.log.tabIndex = 0;
    this.log.append(this.list);
    this.greeting.dataset.from = this.invitation.dataset.from = "assistant";
    this.typing.dataset.from = "assistant";
    this.typing.setAttribute("aria-live", "off");
    // Pictures get their height late; stay at the end while they do.
    new ResizeObserver(() => this.nearEnd && this.toEnd()).observe(this.list);
    this.log.onscroll = () => (this.nearEnd = this.isAtEnd());
  }

  /** `last` stands below everything else. */
  draw(strings: Strings, last: HTMLElement | null): void {
    const atEnd = this.isAtEnd();
    this.place([...this.said(strings), ...(last ? [last] : [])]);
    if (atEnd) this.toEnd();
  }

  /** Whatever comes next is to be seen. */
  toEnd(): void {
    this.nearEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  private said(strings: Strings): HTMLElement[] {
    const { messages, outbox, settings, invitation } = this.chat;
    const shown: HTMLElement[] = [];
    if (settings?.greeting) {
      bubble(this.greeting, settings.greeting);
      shown.push(this.greeting);
    }
    if (invitation && messages.length === 0) {
      bubble(this.invitation, invitation.text);
      shown.push(this.invitation);
    }
    const last = messages.at(-1);
    const seen = messages.findLast((message) => message.seen);
    for (const message of messages)
      shown.push(this.message(message, message === last, message === seen, strings));
    for (const item of outbox.all) shown.push(this.outgoing(item, strings));
    if (this.chat.typing) shown.push(this.dots(strings));
    return shown;
  }

  /** Put the elements in order, touching only what is new or moved. */
  private place(shown: HTMLElement[]): void {
    const wanted = new Set(shown);
    for (const there of Array.from(this.list.children)) {
      if (!wanted.has(there as HTMLElement)) there.remove();
    }
    shown.forEach((element, index) => {
      const there = this.list.children[index];
      if (there !== element) this.list.insertBefore(element, there ?? null);
    });
  }

  private item(key: string): HTMLElement {
    const there = this.items.get(key);
    if (there) return there;
    const made = make("li", "message");
    this.items.set(key, made);
    return made;
  }

  private message(
    message: ChatMessage,
    isLast: boolean,
    isSeen: boolean,
    strings: Strings,
  ): HTMLElement {
    const item = this.item(message.client_id || message.id);
    const version = JSON.stringify([message, isLast, isSeen, strings.send]);
    if (item.dataset.version === version) return item;
    item.dataset.version = version;
    item.dataset.from = message.from;
    item.toggleAttribute("data-streaming", message.streaming);
    bubble(item, message.text);
    extras(item, [
      ...this.arrived.show(message.attachments, strings),
      ...sources(message, strings),
      ...(isLast && !message.streaming ? this.choices(message) : []),
      message.streaming ? null : meta(message, isSeen, strings),
    ]);
    return item;
  }

  private outgoing(outgoing: Outgoing, strings: Strings): HTMLElement {
    const item = this.item(outgoing.client_id);
    item.dataset.version = "";
    item.dataset.from = "me";
    bubble(item, outgoing.text);
    const files = (outgoing.files ?? []).map(({ name }) => chip(name));
    extras(item, [...files, this.state(outgoing, strings)]);
    return item;
  }

  private state(outgoing: Outgoing, strings: Strings): HTMLElement {
    const state = make("p", "meta");
    if (outgoing.state !== "failed") {
      state.textContent = {
        waiting: navigator.onLine ? strings.sending : strings.waiting,
        sending: strings.sending,
        sent: strings.sent,
      }[outgoing.state];
      return state;
    }
    state.className = "meta bad";
    const again = make("button", "link");
    const drop = make("button", "link");
    again.textContent = strings.resend;
    drop.textContent = strings.discard;
    again.onclick = () => this.chat.outbox.resend(outgoing.client_id);
    drop.onclick = () => this.chat.outbox.discard(outgoing.client_id);
    state.append(`${strings.failed} ${outgoing.problem} `, again, " ", drop);
    return state;
  }

  private dots(strings: Strings): HTMLElement {
    if (this.typing.childElementCount === 0) {
      const dots = make("div", "bubble dots");
      dots.append(make("span"), make("span"), make("span"));
      this.typing.append(dots);
    }
    const who = this.chat.settings?.assistant_name ?? strings.assistant;
    this.typing.ariaLabel = fill(strings.typing, { name: who });
    return this.typing;
  }

  private choices(message: ChatMessage): HTMLElement[] {
    if (message.choices.length === 0) return [];
    const group = make("div", "choices");
    group.append(
      ...message.choices.map((choice) => {
        const button = make("button", "choice");
        button.type = "button";
        button.textContent = choice;
        button.dir = "auto";
        button.onclick = () => this.choose(choice);
        return button;
      }),
    );
    return [group];
  }

  private isAtEnd(): boolean {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90;
  }
}

/** The text goes first in its item; an empty one has no bubble. */
function bubble(item: HTMLElement, text: string): void {
  let bubble = item.querySelector<HTMLElement>(":scope > .bubble");
  if (!bubble) item.prepend((bubble = make("div", "bubble")));
  bubble.hidden = !text;
  render(bubble, text);
}

function extras(item: HTMLElement, parts: (HTMLElement | null)[]): void {
  for (const old of Array.from(item.children)) {
    if (!old.classList.contains("bubble")) old.remove();
  }
  item.append(...parts.filter((part) => part !== null));
}

function chip(text: string): HTMLElement {
  const made = make("span", "chip");
  made.textContent = text;
  return made;
}

/** What the eye knows from the side a message stands on. */
function spoken(text: string): HTMLElement {
  const made = make("span", "spoken");
  made.textContent = `${text}, `;
  return made;
}

function sources({ sources: all }: ChatMessage, strings: Strings): HTMLElement[] {
  if (all.length === 0) return [];
  const list = make("ul", "sources");
  list.ariaLabel = strings.sources;
  for (const source of all) {
    const item = make("li");
    const made = link("", source.url);
    made.append(icon("page"), source.title || source.url);
    made.dir = "auto";
    item.append(made);
    list.append(item);
  }
  return [list];
}

function meta(message: ChatMessage, isSeen: boolean, strings: Strings): HTMLElement {
  const made = make("p", "meta");
  const who =
    message.name ||
    { me: "", assistant: strings.assistant, teammate: strings.team, system: "" }[message.from];
  const time = new Date(message.at).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
  });
  made.textContent = [who, time, isSeen && strings.seen].filter(Boolean).join(" · ");
  if (message.from === "me") made.prepend(spoken(strings.you));
  return made;
}
