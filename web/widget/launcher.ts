/** The round button and the box around the frame, in a shadow root so that styles can't mix. */

interface Options {
  side: "left" | "right";
  button: boolean;
  theme?: "light" | "dark";
  onToggle: () => void;
  onDismiss: () => void;
}

/** A phone, upright or lying: the chat takes the whole screen. */
const SMALL = "(max-width: 480px), (max-height: 480px)";

const STYLES = `
:host { all: initial; }
.button, .box { position: fixed; z-index: 2147483000; }
.button { bottom: 20px; width: 58px; height: 58px; padding: 0; border: 0; border-radius: 50%;
  background: var(--colour, #0f6b63); color: var(--ink, #fff); cursor: pointer;
  box-shadow: 0 4px 18px rgb(0 0 0 / 28%); display: grid; place-items: center;
  transition: transform .15s ease; visibility: hidden; }
.button[data-ready] { visibility: visible; }
.button:hover { transform: scale(1.05); }
.button:focus-visible { outline: 3px solid var(--colour, #0f6b63); outline-offset: 3px; }
.button svg { width: 28px; height: 28px; grid-area: 1 / 1; transition: opacity .15s, transform .15s; }
.button .x, .button[aria-expanded=true] .talk { opacity: 0; transform: rotate(-30deg) scale(.7); }
.button[aria-expanded=true] .x { opacity: 1; transform: none; }
.badge { position: absolute; top: -3px; right: -3px; min-width: 22px; padding: 0 6px; box-sizing: border-box;
  border: 2px solid #fff; border-radius: 11px; background: #d3302f; color: #fff;
  font: 700 12px/18px system-ui, sans-serif; }
.badge[hidden] { display: none; }
.box { bottom: 92px; width: 392px; height: min(660px, calc(100vh - 112px)); border-radius: 16px;
  overflow: hidden; box-shadow: 0 12px 44px rgb(0 0 0 / 26%); background: Canvas;
  visibility: hidden; opacity: 0; transform: translateY(14px);
  transition: opacity .18s ease, transform .18s ease, visibility 0s .18s; }
.box[data-open] { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
.invitation { position: fixed; z-index: 2147483000; bottom: 92px; display: flex; align-items: flex-start; gap: 4px;
  max-width: min(300px, calc(100vw - 40px)); box-sizing: border-box; padding: 6px 6px 6px 0;
  border: 1px solid color-mix(in srgb, CanvasText 18%, Canvas); border-radius: 14px;
  background: Canvas; color: CanvasText; box-shadow: 0 6px 24px rgb(0 0 0 / 20%);
  font: 15px/1.45 system-ui, sans-serif; animation: rise .2s ease; }
.invitation[hidden] { display: none; }
.invitation button { border: 0; border-radius: 8px; background: none; color: inherit; font: inherit; cursor: pointer; }
.invitation button:focus-visible { outline: 2px solid; }
.say { flex: 1; min-width: 0; padding: 8px 4px 8px 14px; text-align: start; overflow-wrap: anywhere; }
.invitation .drop { flex: none; display: grid; place-items: center; width: 32px; height: 32px; padding: 0; }
.drop svg { width: 18px; height: 18px; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }
.left { left: 20px; } .right { right: 20px; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
@media ${SMALL} {
  .box { inset: 0; width: auto; height: auto; border-radius: 0; }
  .button[aria-expanded=true] { visibility: hidden; }
}
@media (prefers-reduced-motion: reduce) { .button, .button svg, .box { transition: none; } .invitation { animation: none; } }
@media print { .button, .box, .invitation { display: none; } }
`;

const TALK =
  "M5 6.5A2.5 2.5 0 0 1 7.5 4h13A2.5 2.5 0 0 1 23 6.5v9a2.5 2.5 0 0 1-2.5 2.5H13l-5 4.5V18h-.5A2.5 2.5 0 0 1 5 15.5Z";
const CROSS = "m8 8 12 12M20 8 8 20";

export class Launcher {
  private readonly host = document.createElement("div");
  private readonly box = document.createElement("div");
  private readonly button = document.createElement("button");
  private readonly badge = document.createElement("span");
  private readonly invitation = document.createElement("div");
  private readonly says = document.createElement("button");
  private readonly drop = document.createElement("button");
  private labels = { open: "Open the chat", close: "Close the chat" };
  private unread = 0;

  constructor(options: Options) {
    const root = this.host.attachShadow({ mode: "open" });
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES);
    root.adoptedStyleSheets = [styles];

    this.box.className = `box ${options.side}`;
    this.button.className = `button ${options.side}`;
    this.button.type = "button";
    this.button.append(drawing("talk", TALK), drawing("x", CROSS), this.badge);
    this.button.addEventListener("click", options.onToggle);
    this.badge.className = "badge";
    this.badge.hidden = true;
    this.label(false);
    root.append(this.box);
    if (options.button) root.append(this.bubble(options), this.button);
    this.host.id = "onethread-chat";
    this.host.style.colorScheme = options.theme || "light dark";
    document.body.append(this.host);
  }

  hold(frame: HTMLIFrameElement): void {
    this.box.append(frame);
  }

  show(open: boolean): void {
    this.invitation.hidden = true;
    this.box.toggleAttribute("data-open", open);
    this.label(open);
  }

  /** An open chat hides the whole page here, as on a phone. */
  get coversPage(): boolean {
    return matchMedia(SMALL).matches;
  }

  dress(look: { colour: string; openLabel: string; closeLabel: string }): void {
    if (CSS.supports("color", look.colour)) {
      this.host.style.setProperty("--colour", look.colour);
      this.host.style.setProperty("--ink", inkOn(look.colour));
    }
    this.labels = { open: look.openLabel, close: look.closeLabel };
    this.button.toggleAttribute("data-ready", true);
    this.label(this.box.hasAttribute("data-open"));
  }

  count(unread: number): void {
    this.unread = unread;
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 9 ? "9+" : String(unread);
    this.label(this.box.hasAttribute("data-open"));
  }

  /** Say something beside the button. The chat stays closed. */
  invite({ text, dismissLabel }: { text: string; dismissLabel: string }): void {
    this.says.textContent = text;
    this.drop.ariaLabel = this.drop.title = dismissLabel;
    this.invitation.hidden = !text;
  }

  focus(): void {
    this.button.focus();
  }

  private bubble({ side, onToggle, onDismiss }: Options): HTMLElement {
    const live = document.createElement("div");
    live.setAttribute("role", "status");
    this.invitation.className = `invitation ${side}`;
    this.invitation.hidden = true;
    this.says.className = "say";
    this.drop.className = "drop";
    this.says.type = this.drop.type = "button";
    this.says.dir = "auto";
    this.says.onclick = onToggle;
    this.drop.append(drawing("", CROSS));
    this.drop.onclick = () => this.dismiss(onDismiss);
    this.invitation.onkeydown = ({ key }) => {
      if (key === "Escape") this.dismiss(onDismiss);
    };
    this.invitation.append(this.says, this.drop);
    live.append(this.invitation);
    return live;
  }

  private dismiss(tell: () => void): void {
    this.invitation.hidden = true;
    this.focus();
    tell();
  }

  private label(open: boolean): void {
    this.button.setAttribute("aria-expanded", String(open));
    const words = open ? this.labels.close : this.labels.open;
    this.button.setAttribute("aria-label", this.unread ? `${words} (${this.unread})` : words);
  }
}

function drawing(name: string, path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 28 28");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", "2.2");
  line.setAttribute("stroke-linecap", "round");
  line.setAttribute("stroke-linejoin", "round");
  svg.append(line);
  return svg;
}

/** Black or white, whichever reads better on a colour written #rrggbb. */
export function inkOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = (/^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour) ?? [])
    .slice(1)
    .map((part) => linear(parseInt(part, 16) / 255));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (light + 0.05) >= 4 ? "#fff" : "#10201e";
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
