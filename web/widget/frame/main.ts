import { inkOn } from "../launcher";
import { MARK, type FromFrame, type ToFrame } from "../protocol";
import { fill, stringsFor, type Strings } from "../strings";
import { beep } from "./beep";
import { Chat } from "./chat";
import { View } from "./view";

const inbox = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
/** The page that holds this frame says its origin in the address; only it is listened to. */
const host = decodeURIComponent(location.hash.slice(1));
const embedded = window.parent !== window && host !== "";
const root = document.getElementById("chat") as HTMLElement;

let language = "en";
let strings: Strings = stringsFor(navigator.languages).strings;
let open = !embedded;
let drawing = false;

const chat = new Chat(inbox, {
  changed: draw,
  heard: (message) => {
    tell({ told: "event", name: "message", data: { from: message.from, text: message.text } });
    if (!open || document.hidden) beep(chat.memory.get("sound") === "on");
  },
  identified: (name) => tell({ told: "event", name: "identified", data: { name } }),
});
const view = new View(root, chat, {
  close: () => tell({ told: "close" }),
  embedded,
});

/** Many small changes of one moment are drawn together. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    view.draw(strings);
    tell({ told: "unread", count: open ? 0 : chat.unread });
  });
}

function speak(wish: string): void {
  ({ language, strings } = stringsFor(wish ? [wish, ...navigator.languages] : navigator.languages));
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
}

async function start(): Promise<void> {
  await chat.start();
  const settings = chat.settings;
  if (!settings) return;
  const colour = settings.colour || "#0f6b63";
  document.documentElement.style.setProperty("--accent", colour);
  document.documentElement.style.setProperty("--ink", inkOn(colour));
  document.title = fill(strings.chatWith, { name: settings.brand });
  tell({
    told: "ready",
    colour,
    title: document.title,
    openLabel: strings.open,
    closeLabel: strings.close,
  });
}

function hear(message: ToFrame): void {
  switch (message.verb) {
    case "init":
      speak(message.language);
      chat.page = message.page;
      return void start();
    case "page":
      chat.page = message.page;
      return;
    case "identify":
      return void chat.identify(message.jwt);
    case "attributes":
      return chat.told.attributes(message.values);
    case "track":
      return chat.told.track(message.name, message.data);
    case "shown":
      open = message.open;
      chat.show(open);
      if (open && message.focus) view.focus();
      return draw();
    case "reset":
      chat.reset();
      draw();
  }
}

function tell(message: FromFrame): void {
  if (embedded) window.parent.postMessage({ [MARK]: message }, host);
}

addEventListener("message", (event: MessageEvent) => {
  const message = (event.data as Record<string, ToFrame> | null)?.[MARK];
  if (event.source === window.parent && event.origin === host && message) hear(message);
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && embedded) tell({ told: "close" });
});
addEventListener("offline", draw);
addEventListener("online", draw);
document.addEventListener("visibilitychange", () => chat.show(open && !document.hidden));

if (embedded) {
  tell({ told: "loaded" });
} else {
  speak("");
  chat.show(true);
  void start();
}
