import { fill, type Strings } from "../strings";
import type { ChatApi, ChatAttachment } from "./api";
import { icon, make } from "./elements";

/** Files of the chat. They need the visitor's token, so they are fetched, not linked to. */
export class ArrivedFiles {
  private readonly pictures = new Map<string, HTMLImageElement>();

  constructor(private readonly api: ChatApi) {}

  show(files: ChatAttachment[], strings: Strings): HTMLElement[] {
    return files.map((file) =>
      file.type.startsWith("image/") ? this.picture(file) : this.download(file, strings),
    );
  }

  private picture(file: ChatAttachment): HTMLElement {
    const there = this.pictures.get(file.id);
    if (there) return there;
    const image = make("img", "picture");
    image.alt = file.name;
    this.pictures.set(file.id, image);
    this.api
      .file(file)
      .then((blob) => (image.src = URL.createObjectURL(blob)))
      .catch(() => this.pictures.delete(file.id));
    return image;
  }

  private download(file: ChatAttachment, strings: Strings): HTMLElement {
    const button = make("button", "chip");
    button.type = "button";
    button.append(icon("file"), file.name);
    button.ariaLabel = fill(strings.download, { name: file.name });
    button.onclick = () => void this.save(file);
    return button;
  }

  private async save(file: ChatAttachment): Promise<void> {
    const address = URL.createObjectURL(await this.api.file(file));
    const anchor = make("a");
    anchor.href = address;
    anchor.download = file.name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
