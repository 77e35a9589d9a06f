import type { Strings } from "../strings";
import { Refused, type Chat } from "./chat";
import { Composer } from "./composer";
import { icon, label, make } from "./elements";
import { introduction } from "./introduction";
import { MessageList } from "./messageList";
import { RatingCard } from "./ratingCard";
import { transcriptForm } from "./transcriptForm";

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
  private readonly intro = make("form", "intro");
  private readonly person = make("button", "person");
  private readonly mail = make("button", "icon");
  private readonly transcript = make("div");
  private readonly footer = make("p", "footer");
  private readonly messages: MessageList;
  private readonly composer: Composer;
  private readonly rating: RatingCard;
  private notice = "";
  private strings: Strings | null = null;

  constructor(
    root: HTMLElement,
    private readonly chat: Chat,
    private readonly options: Options,
  ) {
    this.messages = new MessageList(chat, (choice) => this.say(choice, { choice }));
    this.composer = new Composer(chat, {
      send: (text, files) => this.say(text, { files }),
      complain: (problem) => this.complain(problem),
      redraw: () => this.redraw(),
    });
    this.rating = new RatingCard(
      (score, comment) => this.rate(score, comment),
      () => this.redraw(),
    );
    this.build(root);
    this.listen();
  }

  focus(): void {
    setTimeout(() => {
      const first = this.intro.hidden ? this.composer.field : this.intro.querySelector("input");
      first?.focus();
    }, 60);
  }

  draw(strings: Strings): void {
    this.drawHead(strings);
    this.drawBanner(strings);
    this.drawIntroduction(strings);
    this.composer.draw(strings);
    this.messages.draw(strings, this.ratingCard(strings));
  }

  private build(root: HTMLElement): void {
    const head = make("header", "head");
    const names = make("div", "names");
    names.append(this.title, this.subtitle);
    head.append(names, this.mail, this.sound, this.closer);
    for (const button of [this.mail, this.sound, this.closer, this.person]) button.type = "button";
    this.mail.append(icon("mail"));
    this.closer.append(icon("close"));
    this.closer.hidden = !this.options.embedded;
    this.banner.setAttribute("role", "status");

    const below = make("div", "below");
    below.append(this.person, this.footer);
    const { log } = this.messages;
    root.append(head, this.banner, this.transcript, log, this.intro, this.composer.form, below);
  }

  private listen(): void {
    this.closer.onclick = this.options.close;
    this.sound.onclick = () => {
      const on = this.chat.memory.get("sound") === "on";
      this.chat.memory.set("sound", on ? "" : "on");
      this.redraw();
    };
    this.mail.onclick = () => this.showTranscript(this.transcript.childElementCount === 0);
    this.person.onclick = () => this.say(this.strings?.wantPerson ?? "");
  }

  private say(text: string, extra: Parameters<Chat["send"]>[1] = {}): void {
    this.chat.send(text, extra);
    this.composer.field.focus();
    this.messages.toEnd();
  }

  private async rate(score: number, comment: string): Promise<void> {
    try {
      await this.chat.rate(score, comment);
    } catch (error) {
      this.complain(error instanceof Refused ? error.message : "");
      this.redraw();
      throw error;
    }
  }

  private ratingCard(strings: Strings): HTMLElement | null {
    const { rating, outbox } = this.chat;
    return rating && outbox.all.length === 0 ? this.rating.draw(rating, strings) : null;
  }

  private showTranscript(wanted: boolean): void {
    const strings = this.strings;
    if (!wanted || !strings) {
      this.transcript.replaceChildren();
      if (strings) this.mail.focus();
      return;
    }
    this.transcript.replaceChildren(
      transcriptForm(
        strings,
        (email) => this.sendTranscript(email, strings),
        () => this.showTranscript(false),
      ),
    );
    this.transcript.querySelector("input")?.focus();
  }

  private async sendTranscript(email: string, strings: Strings): Promise<string> {
    try {
      await this.chat.api.transcript(email);
      return strings.transcriptDone;
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      if (status === 422) return strings.badEmail;
      return status === 429 ? strings.tooOften : strings.unavailable;
    }
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

  private drawHead(strings: Strings): void {
    const settings = this.chat.settings;
    const soundOn = this.chat.memory.get("sound") === "on";
    this.title.textContent = settings?.brand ?? "";
    this.subtitle.textContent = settings?.assistant_name ?? "";
    this.sound.replaceChildren(icon(soundOn ? "bell" : "bellOff"));
    this.sound.ariaPressed = String(soundOn);
    this.mail.hidden = !settings?.transcript || this.chat.messages.length === 0;
    if (this.mail.hidden) this.transcript.replaceChildren();
    this.mail.ariaExpanded = String(this.transcript.childElementCount > 0);
    label(this.sound, soundOn ? strings.soundOff : strings.soundOn);
    if (strings !== this.strings) this.speak(strings);
  }

  /** All that changes with the language alone. */
  private speak(strings: Strings): void {
    this.strings = strings;
    label(this.closer, strings.close);
    label(this.mail, strings.transcript);
    this.composer.name(strings);
    this.messages.log.ariaLabel = strings.messages;
    this.person.replaceChildren(icon("person"), strings.person);
    this.footer.textContent = strings.footer;
  }

  private drawBanner(strings: Strings): void {
    const text = this.chat.settingsFailed ? strings.unavailable : this.notice || this.line(strings);
    if (this.banner.textContent !== text) this.banner.textContent = text;
    this.banner.hidden = !text;
    if (this.chat.settingsFailed) {
      const again = make("button", "link");
      again.textContent = strings.retry;
      again.onclick = () => void this.chat.start();
      this.banner.append(" ", again);
    }
  }

  /** How the connection is, where that is worth saying. */
  private line(strings: Strings): string {
    if (!navigator.onLine) return strings.offline;
    return this.chat.connected ? "" : `${strings.reconnecting} …`;
  }

  private drawIntroduction(strings: Strings): void {
    const needed = this.chat.needsIntroduction;
    if (needed && this.intro.childElementCount === 0) {
      this.intro.ariaLabel = strings.before;
      introduction(this.intro, this.chat.settings?.pre_chat ?? [], strings, (visitor) => {
        this.chat.introduce(visitor);
        this.focus();
      });
    }
    this.intro.hidden = !needed;
    this.composer.form.hidden = needed;
    this.messages.log.hidden = needed;
  }
}
