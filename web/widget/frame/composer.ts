import { fill, type Strings } from "../strings";
import type { ChatFile } from "./api";
import { Refused, type Chat } from "./chat";
import { icon, label, make } from "./elements";

interface Wishes {
  /** Send what was written, with what was attached. */
  send: (text: string, files: ChatFile[]) => void;
  /** Say what went wrong; nothing: something unforeseen. */
  complain: (problem: string | undefined) => void;
  redraw: () => void;
}

/** Where the visitor writes, and the files that are to go along. */
export class Composer {
  readonly form = make("form", "composer");
  readonly field = make("textarea", "field");
  private readonly files = make("ul", "files");
  private readonly attach = make("button", "icon");
  private readonly picker = make("input");
  private readonly submit = make("button", "send");
  private ready: ChatFile[] = [];
  /** By file on its way, how much of it has gone. */
  private readonly uploading = new Map<File, number>();
  private tooLarge = "";

  constructor(
    private readonly chat: Chat,
    private readonly wishes: Wishes,
  ) {
    this.build();
    this.listen();
  }

  name(strings: Strings): void {
    label(this.attach, strings.attach);
    label(this.submit, strings.send);
    this.field.ariaLabel = this.field.placeholder = strings.write;
    this.tooLarge = strings.tooLarge;
  }

  draw(strings: Strings): void {
    this.files.hidden = this.ready.length + this.uploading.size === 0;
    this.files.replaceChildren(
      ...this.ready.map((file) => this.readyFile(file, strings)),
      ...Array.from(this.uploading, ([file, part]) => uploadingFile(file, part, strings)),
    );
    this.submit.disabled = this.uploading.size > 0;
  }

  private build(): void {
    this.attach.type = "button";
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
  }

  private listen(): void {
    this.attach.onclick = () => this.picker.click();
    this.picker.onchange = () => {
      for (const file of this.picker.files ?? []) void this.upload(file);
      this.picker.value = "";
    };
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.send();
    };
    this.field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    };
    this.field.oninput = () => {
      this.grow();
      this.chat.noteTyping();
    };
  }

  private send(): void {
    const text = this.field.value.trim();
    if ((!text && this.ready.length === 0) || this.uploading.size) return;
    const files = this.ready;
    this.ready = [];
    this.field.value = "";
    this.grow();
    this.wishes.send(text, files);
  }

  private async upload(file: File): Promise<void> {
    this.uploading.set(file, 0);
    this.wishes.redraw();
    try {
      await this.chat.admit();
      const sent = await this.chat.api.upload(file, (part) => {
        this.uploading.set(file, part);
        this.wishes.redraw();
      });
      this.ready.push(sent);
    } catch (error) {
      const said = error instanceof Refused ? error : null;
      this.wishes.complain(said?.status === 413 ? this.tooLarge : said?.message);
    }
    this.uploading.delete(file);
    this.wishes.redraw();
  }

  private readyFile(file: ChatFile, strings: Strings): HTMLElement {
    const item = make("li", "chip");
    const drop = make("button", "icon small");
    drop.type = "button";
    drop.append(icon("close"));
    label(drop, `${strings.discard} ${file.name}`);
    drop.onclick = () => {
      this.ready = this.ready.filter((one) => one !== file);
      this.wishes.redraw();
    };
    item.append(file.name, drop);
    return item;
  }

  private grow(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(140, this.field.scrollHeight)}px`;
  }
}

function uploadingFile(file: File, part: number, strings: Strings): HTMLElement {
  const item = make("li", "chip");
  const percent = String(Math.floor(part * 100));
  item.textContent = fill(strings.uploading, { name: file.name, percent });
  return item;
}
