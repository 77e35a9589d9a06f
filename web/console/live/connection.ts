import { openStream } from "@shared/sse";

/** One entry of the server's log: something happened. */
export interface LogEntry {
  name: string;
  conversation_id: string | null;
  data: Record<string, unknown>;
}

type Told =
  | { kind: "entry"; entry: LogEntry; id: string }
  | { kind: "state"; connected: boolean }
  | { kind: "who" };

interface Listener {
  onEntry: (entry: LogEntry) => void;
  /** Too much happened while away to be told one by one. */
  onReload: () => void;
  onState: (connected: boolean) => void;
}

const NAME = "onethread-live";

/**
 * Live news, over one connection for all of the browser's tabs: the tab that holds the lock reads
 * the stream and tells the others. When it closes, the next one resumes where it stopped.
 */
export function connect(listener: Listener): () => void {
  const channel = new BroadcastChannel(NAME);
  const closing = new AbortController();
  let lastId = "";
  let leads = false;
  let connected = false;

  channel.onmessage = (message: MessageEvent<Told>) => {
    const told = message.data;
    if (told.kind === "who" && leads) return tell({ kind: "state", connected });
    if (told.kind === "entry") {
      lastId = told.id;
      listener.onEntry(told.entry);
    }
    if (told.kind === "state") listener.onState(told.connected);
  };
  tell({ kind: "who" });

  const held = navigator.locks
    ? navigator.locks.request(NAME, { signal: closing.signal }, lead)
    : lead();
  held.catch(() => undefined);

  function tell(told: Told): void {
    channel.postMessage(told);
  }

  function lead(): Promise<void> {
    leads = true;
    return new Promise((release) => {
      const stream = openStream("/api/live", {
        lastId,
        onEvent: ({ id, name, data }) => {
          if (name === "reload") listener.onReload();
          if (name !== "log") return;
          const entry = JSON.parse(data) as LogEntry;
          listener.onEntry(entry);
          tell({ kind: "entry", entry, id });
        },
        onState: (now) => {
          connected = now;
          listener.onState(now);
          tell({ kind: "state", connected: now });
        },
      });
      closing.signal.addEventListener("abort", () => {
        stream.stop();
        release();
      });
    });
  }

  return () => {
    closing.abort();
    channel.close();
  };
}
