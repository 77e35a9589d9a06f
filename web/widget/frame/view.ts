import { fill, type Strings } from "../strings";
import { ArrivedFiles } from "./arrivedFiles";
import type { ChatFile, ChatMessage } from "./api";
import { Refused, type Chat } from "./chat";
import { icon, make } from "./elements";
import { introduction } from "./introduction";
import { link, render } from "./markup";
import type { Outgoing } from "./outbox";

interface Options {
  close: () => void;
  embedded: boolean;
}

/** What the visitor sees. `draw` brings the page in line with the chat; it can run at any time. */
export class View {
  private readonly title = make("h1", "title");
  private readonly subtitle = make("p", "subtitle");
  private readonly sound = make("button", "icon");
  private readonly closer = make("button", "icon");
  private readonly banner = make("p", "banner");
  private readonly log = make("div", "log");
  private readonly list = make("ol", "messages");
  private readonly greeting = make("li", "message");
  private readonly typing = make("li", "message");
  private readonly intro = make("form", "intro");
  private readonly form = make("form", "composer");
  private readonly files = make("ul", "files");
  private readonly field = make("textarea", "field");
  private readonly attach = make("button", "icon");
  private readonly picker = make("input");
  private readonly submit = make("button", "send");
  private readonly person = make("button", "person");
  private readonly footer = make("p", "footer");
  private readonly items = new Map<string, HTMLElement>();
  private readonly arrived: ArrivedFiles;
  private ready: ChatFile[] = [];
  private uploading = 0;
  private notice = "";
  private strings: Strings | null = null;

  constructor(
    root: HTMLElement,
    private readonly chat: Chat,
    private readonly options: Options,
  ) {
    this.arrived = new ArrivedFiles(chat.api);
    this.build(root);
    this.listen();
  }

  focus(): void {
    const first = this.intro.hidden ? this.field : this.intro.querySelector("input");
    setTimeout(() => first?.focus(), 60);
  }

  draw(strings: Strings): void {
    this.label(strings);
    this.drawBanner(strings);
    this.drawIntroduction(strings);
    const atEnd = this.isAtEnd();
    this.drawMessages(strings);
    this.drawFiles(strings);
    if (atEnd) this.toEnd();
  }

  private build(root: HTMLElement): void {
    const head = make("header", "head");
    const names = make("div", "names");
    names.append(this.title, this.subtitle);
    head.append(names, this.sound, this.closer);
    this.sound.type = this.closer.type = this.attach.type = this.person.type = "button";
    this.closer.append(icon("close"));
    this.closer.hidden = !this.options.embedded;

    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-live", "polite");
    this.log.tabIndex = 0;
    this.log.append(this.list);
    this.banner.setAttribute("role", "status");
    this.greeting.dataset.from = "assistant";
    this.typing.dataset.from = "assistant";
    this.typing.setAttribute("aria-live", "off");

    this.picker.type = "file";
    this.picker.multiple = true;
    this.picker.hidden = true;
    this.field.rows = 1;
    this.field.dir = "auto";
    this.field.maxLength = 10_000;
    this.attach.append(icon("clip"));
    this.submit.append(icon("send"));
    const row = make("div", "row");
    row.append(this.attach, this.picker, this.field, this.submit);
    this.form.append(this.files, row);

    const below = make("div", "below");
    below.append(this.person, this.footer);
    root.append(head, this.banner, this.log, this.intro, this.form, below);
  }

  private listen(): void {
    this.closer.onclick = this.options.close;
    this.sound.onclick = () => {
      const on = this.chat.memory.get("sound") === "on";
      this.chat.memory.set("sound", on ? "" : "on");
      if (this.strings) this.draw(this.strings);
    };
    this.attach.onclick = () => this.picker.click();
    this.picker.onchange = () => {
      for (const file of this.picker.files ?? []) void this.upload(file);
      this.picker.value = "";
    };
    this.person.onclick = () => this.say(this.strings?.wantPerson ?? "");
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.sendTyped();
    };
    this.field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.sendTyped();
    };
    this.field.oninput = () => {
      this.grow();
      this.chat.noteTyping();
    };
    // Pictures get their height late; stay at the end while they do.
    new ResizeObserver(() => this.nearEnd && this.toEnd()).observe(this.list);
    this.log.onscroll = () => (this.nearEnd = this.isAtEnd());
  }

  private nearEnd = true;

  private sendTyped(): void {
    const text = this.field.value.trim();
    if ((!text && this.ready.length === 0) || this.uploading) return;
    const files = this.ready;
    this.ready = [];
    this.field.value = "";
    this.grow();
    this.say(text, { files });
  }

  private say(text: string, extra: { choice?: string; files?: ChatFile[] } = {}): void {
    this.nearEnd = true;
    this.chat.send(text, extra);
    this.field.focus();
    this.toEnd();
  }

  private async upload(file: File): Promise<void> {
    this.uploading += 1;
    this.redraw();
    try {
      await this.chat.admit();
      this.ready.push(await this.chat.api.upload(file));
    } catch (error) {
      const said = error instanceof Refused ? error : null;
      this.complain(said?.status === 413 ? this.strings?.tooLarge : said?.message);
    }
    this.uploading -= 1;
    this.redraw();
  }

  private complain(problem: string | undefined): void {
    this.notice = problem || this.strings?.unavailable || "";
    setTimeout(() => {
      this.notice = "";
      this.redraw();
    }, 6000);
  }

  private redraw(): void {
    if (this.strings) this.draw(this.strings);
  }

  private label(strings: Strings): void {
    const settings = this.chat.settings;
    const soundOn = this.chat.memory.get("sound") === "on";
    this.title.textContent = settings?.brand ?? "";
    this.subtitle.textContent = settings?.assistant_name ?? "";
    this.sound.replaceChildren(icon(soundOn ? "bell" : "bellOff"));
    this.sound.ariaPressed = String(soundOn);
    name(this.sound, soundOn ? strings.soundOff : strings.soundOn);
    if (strings === this.strings) return;
    this.strings = strings;
    name(this.closer, strings.close);
    name(this.attach, strings.attach);
    name(this.submit, strings.send);
    this.log.ariaLabel = strings.messages;
    this.field.ariaLabel = strings.write;
    this.field.placeholder = strings.write;
    this.person.replaceChildren(icon("person"), strings.person);
    this.footer.textContent = strings.footer;
  }

  private drawBanner(strings: Strings): void {
    const text = this.chat.settingsFailed
      ? strings.unavailable
      : this.notice ||
        (!navigator.onLine
          ? strings.offline
          : this.chat.connected
            ? ""
            : `${strings.reconnecting} …`);
    if (this.banner.textContent !== text) this.banner.textContent = text;
    this.banner.hidden = !text;
    if (this.chat.settingsFailed) {
      const again = make("button", "link");
      again.textContent = strings.retry;
      again.onclick = () => void this.chat.start();
      this.banner.append(" ", again);
    }
  }

  private drawIntroduction(strings: Strings): void {
    const needed = this.chat.needsIntroduction;
    if (needed && this.intro.childElementCount === 0) {
      introduction(this.intro, this.chat.settings?.pre_chat ?? [], strings, (visitor) => {
        this.chat.introduce(visitor);
        this.focus();
      });
    }
    this.intro.hidden = !needed;
    this.form.hidden = needed;
    this.log.hidden = needed;
  }

  private drawMessages(strings: Strings): void {
    const { messages, outbox, settings } = this.chat;
    const shown: HTMLElement[] = [];
    if (settings?.greeting) {
      this.bubble(this.greeting, settings.greeting);
      shown.push(this.greeting);
    }
    const last = messages.at(-1);
    for (const message of messages)
      shown.push(this.drawMessage(message, message === last, strings));
    for (const item of outbox.all) shown.push(this.drawOutgoing(item, strings));
    if (this.chat.typing) shown.push(this.drawTyping(strings));
    this.place(shown);
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

  private drawMessage(message: ChatMessage, isLast: boolean, strings: Strings): HTMLElement {
    const item = this.item(message.client_id || message.id);
    const version = JSON.stringify([message, isLast, strings.send]);
    if (item.dataset.version === version) return item;
    item.dataset.version = version;
    item.dataset.from = message.from;
    item.toggleAttribute("data-streaming", message.streaming);
    this.bubble(item, message.text);
    this.extras(item, [
      ...this.arrived.show(message.attachments, strings),
      ...sources(message, strings),
      ...(isLast && !message.streaming ? this.choices(message) : []),
      message.streaming ? null : meta(message, strings),
    ]);
    return item;
  }

  private drawOutgoing(outgoing: Outgoing, strings: Strings): HTMLElement {
    const item = this.item(outgoing.client_id);
    item.dataset.version = "";
    item.dataset.from = "me";
    this.bubble(item, outgoing.text);
    const files = (outgoing.files ?? []).map(({ name: called }) => chip(called));
    const state = make("p", "meta");
    if (outgoing.state === "failed") {
      state.className = "meta bad";
      const again = make("button", "link");
      const drop = make("button", "link");
      again.textContent = strings.resend;
      drop.textContent = strings.discard;
      again.onclick = () => this.chat.outbox.resend(outgoing.client_id);
      drop.onclick = () => this.chat.outbox.discard(outgoing.client_id);
      state.append(`${strings.failed} ${outgoing.problem} `, again, " ", drop);
    } else {
      state.textContent = {
        waiting: navigator.onLine ? strings.sending : strings.waiting,
        sending: strings.sending,
        sent: strings.sent,
      }[outgoing.state];
    }
    this.extras(item, [...files, state]);
    return item;
  }

  private drawTyping(strings: Strings): HTMLElement {
    if (this.typing.childElementCount === 0) {
      const dots = make("div", "bubble dots");
      dots.append(make("span"), make("span"), make("span"));
      this.typing.append(dots);
    }
    const who = this.chat.settings?.assistant_name ?? strings.assistant;
    this.typing.ariaLabel = fill(strings.typing, { name: who });
    return this.typing;
  }

  /** The text goes first in its item; an empty one has no bubble. */
  private bubble(item: HTMLElement, text: string): void {
    let bubble = item.querySelector<HTMLElement>(":scope > .bubble");
    if (!bubble) item.prepend((bubble = make("div", "bubble")));
    bubble.hidden = !text;
    render(bubble, text);
  }

  private extras(item: HTMLElement, parts: (HTMLElement | null)[]): void {
    for (const old of Array.from(item.children)) {
      if (!old.classList.contains("bubble")) old.remove();
    }
    item.append(...parts.filter((part) => part !== null));
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
        button.onclick = () => this.say(choice, { choice });
        return button;
      }),
    );
    return [group];
  }

  private drawFiles(strings: Strings): void {
    this.files.hidden = this.ready.length + this.uploading === 0;
    this.files.replaceChildren(
      ...this.ready.map((file) => {
        const item = make("li", "chip");
        const drop = make("button", "icon small");
        drop.type = "button";
        drop.append(icon("close"));
        name(drop, `${strings.discard} ${file.name}`);
        drop.onclick = () => {
          this.ready = this.ready.filter((one) => one !== file);
          this.redraw();
        };
        item.append(file.name, drop);
        return item;
      }),
      ...Array.from({ length: this.uploading }, () => {
        const item = make("li", "chip");
        item.textContent = `${strings.sending} …`;
        return item;
      }),
    );
    this.submit.disabled = this.uploading > 0;
  }

  private grow(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(140, this.field.scrollHeight)}px`;
  }

  private isAtEnd(): boolean {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90;
  }

  private toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
  }
}

function name(button: HTMLElement, label: string): void {
  button.ariaLabel = label;
  button.title = label;
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

function meta(message: ChatMessage, strings: Strings): HTMLElement {
  const made = make("p", "meta");
  const who =
    message.name ||
    { me: "", assistant: strings.assistant, teammate: strings.team, system: "" }[message.from];
  const time = new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  made.textContent = [who, time].filter(Boolean).join(" · ");
  if (message.from === "me") made.prepend(spoken(strings.you));
  return made;
}
