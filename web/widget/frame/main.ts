import { inkOn } from "../launcher";
import { MARK, type FromFrame, type ToFrame } from "../protocol";
import { fill, speechFor } from "../strings";
import { beep } from "./beep";
import { Chat } from "./chat";
import { Invitations } from "./invitations";
import { stayInside } from "./stayInside";
import { View } from "./view";

const inbox = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
/** The page that holds this frame says its origin in the address; only it is listened to. */
const host = decodeURIComponent(location.hash.slice(1));
const embedded = window.parent !== window && host !== "";
const root = document.getElementById("chat") as HTMLElement;

let { strings } = speechFor(navigator.languages);
let open = !embedded;
let drawing = false;
let covers = false;

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

const invitations = new Invitations(
  chat.memory,
  () => chat.settings?.invitations ?? [],
  () => embedded && !open && !chat.started,
  (invitation) => {
    chat.invitation = invitation;
    tell({ told: "invite", text: invitation.text, dismissLabel: strings.dismiss });
    tell({ told: "event", name: "invitation", data: { text: invitation.text } });
  },
);

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
  const speech = speechFor(wish ? [wish, ...navigator.languages] : navigator.languages);
  strings = speech.strings;
  document.documentElement.lang = speech.language;
  document.documentElement.dir = speech.direction;
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
  if (chat.page) invitations.visit(chat.page);
}

function hear(message: ToFrame): void {
  switch (message.verb) {
    case "init":
      speak(message.language);
      document.documentElement.dataset.theme = message.theme;
      chat.page = message.page;
      return void start();
    case "page":
      chat.page = message.page;
      if (chat.settings) invitations.visit(chat.page);
      return;
    case "dismissed":
      chat.invitation = null;
      return;
    case "identify":
      return void chat.identify(message.jwt);
    case "attributes":
      return chat.told.attributes(message.values);
    case "track":
      return chat.told.track(message.name, message.data);
    case "shown":
      open = message.open;
      covers = message.covers;
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
  if (event.key === "Tab" && covers) stayInside(event);
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
