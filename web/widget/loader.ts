/**
 * The script a shop puts on its pages: a button, a frame, and the function OneThread(verb, ...).
 *
 *   <script async src="https://desk.example/widget.js" data-inbox="INBOX"></script>
 *   OneThread("identify", jwt);  OneThread("open");  OneThread("on", "message", (data) => ...);
 */
import { Launcher } from "./launcher";
import { MARK, type FromFrame, type ToFrame } from "./protocol";

interface Options {
  inbox: string;
  language?: string;
  position?: "left" | "right";
  /** Whether it is light or dark; else as the visitor's system. */
  theme?: "light" | "dark";
  /** false: no button of ours; the page opens the chat itself. */
  launcher?: boolean;
}

type Verb = (...args: never[]) => void;
type Listener = (data: Record<string, unknown>) => void;

interface OneThread {
  (verb: string, ...args: unknown[]): void;
  /** Calls made before this script arrived. */
  q?: ArrayLike<unknown>[];
}

declare global {
  interface Window {
    OneThread?: OneThread;
  }
}

const OPEN = "onethread:open";
const script = document.currentScript as HTMLScriptElement | null;
const server = new URL(script?.src ?? location.href).origin;
const listeners = new Map<string, Listener[]>();
const waiting: ToFrame[] = [];

let frame: HTMLIFrameElement | null = null;
let launcher: Launcher | null = null;
let loaded = false;
let isOpen = false;
let page = "";

const verbs: Record<string, Verb> = {
  init(options: Options) {
    if (frame || !options?.inbox) return;
    launcher = new Launcher({
      side:
        options.position ??
        (getComputedStyle(document.documentElement).direction === "rtl" ? "left" : "right"),
      button: options.launcher !== false,
      theme: options.theme,
      onToggle: () => show(!isOpen),
      onDismiss: () => tell({ verb: "dismissed" }),
    });
    frame = document.createElement("iframe");
    frame.src = `${server}/widget/${encodeURIComponent(options.inbox)}#${encodeURIComponent(location.origin)}`;
    frame.title = "Chat";
    frame.allow = "clipboard-write";
    launcher.hold(frame);
    page = location.href;
    waiting.unshift({
      verb: "init",
      language: options.language ?? "",
      theme: options.theme ?? "",
      page,
    });
    // Pages that change without loading say so in many ways; looking is the one that always works.
    setInterval(tellPage, 1000);
    if (wasOpen() && !launcher.coversPage) show(true, false);
  },
  identify: (jwt: string) => tell({ verb: "identify", jwt }),
  setAttributes: (values: Record<string, unknown>) => tell({ verb: "attributes", values }),
  track: (name: string, data: Record<string, unknown> = {}) => tell({ verb: "track", name, data }),
  open: () => show(true),
  close: () => show(false),
  toggle: () => show(!isOpen),
  on(name: string, listener: Listener) {
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  },
  reset() {
    show(false);
    tell({ verb: "reset" });
  },
};

/** `focus`: the visitor asked for it; else the page keeps it. */
function show(open: boolean, focus = true): void {
  if (!launcher || open === isOpen) return;
  isOpen = open;
  launcher.show(open);
  rememberOpen(open);
  tellPage();
  tell({ verb: "shown", open, focus, covers: launcher.coversPage });
  if (open && focus) frame?.focus();
  emit(open ? "open" : "close", {});
}

/** Whether the chat was open on the page before, in this tab. */
function wasOpen(): boolean {
  try {
    return sessionStorage.getItem(OPEN) === "yes";
  } catch {
    return false;
  }
}

function rememberOpen(open: boolean): void {
  try {
    sessionStorage.setItem(OPEN, open ? "yes" : "no");
  } catch {
    return;
  }
}

function tellPage(): void {
  if (location.href === page) return;
  page = location.href;
  tell({ verb: "page", page });
}

function tell(message: ToFrame): void {
  if (loaded) frame?.contentWindow?.postMessage({ [MARK]: message }, server);
  else waiting.push(message);
}

function emit(name: string, data: Record<string, unknown>): void {
  for (const listener of listeners.get(name) ?? []) listener(data);
}

function hear(message: FromFrame): void {
  switch (message.told) {
    case "loaded":
      loaded = true;
      waiting.splice(0).forEach(tell);
      break;
    case "ready":
      launcher?.dress(message);
      if (frame) frame.title = message.title;
      emit("ready", {});
      break;
    case "unread":
      launcher?.count(message.count);
      emit("unread", { count: message.count });
      break;
    case "invite":
      launcher?.invite(message);
      break;
    case "close":
      show(false);
      launcher?.focus();
      break;
    case "event":
      emit(message.name, message.data);
  }
}

function run(call: ArrayLike<unknown>): void {
  const [verb, ...args] = Array.from(call);
  const action = verbs[String(verb)];
  if (action) action(...(args as never[]));
  else console.warn(`OneThread: there is no verb "${String(verb)}".`);
}

function start(): void {
  const before = Array.from(window.OneThread?.q ?? []);
  window.OneThread = (...call: unknown[]) => run(call);
  addEventListener("message", (event: MessageEvent) => {
    const message = (event.data as Record<string, FromFrame> | null)?.[MARK];
    if (event.origin === server && event.source === frame?.contentWindow && message) hear(message);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) {
      show(false);
      launcher?.focus();
    }
  });
  const isInit = (call: ArrayLike<unknown>) => call[0] === "init";
  before.filter(isInit).forEach(run);
  const inbox = script?.dataset.inbox;
  if (inbox) {
    const { language, theme } = script.dataset;
    verbs.init?.({ inbox, language, theme } as never);
  }
  before.filter((call) => !isInit(call)).forEach(run);
}

function whenPageIsThere(action: () => void): void {
  if (document.body) action();
  else addEventListener("DOMContentLoaded", action);
}

whenPageIsThere(start);
