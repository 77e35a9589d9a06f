/** Server-sent events read with fetch, so that headers can be sent and resuming is ours to steer. */

export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

export interface Stream {
  stop: () => void;
}

export interface StreamOptions {
  headers?: () => Record<string, string>;
  /** Where to resume; the stream keeps it up to date itself afterwards. */
  lastId?: string;
  onEvent: (event: ServerEvent) => void;
  /** true once events flow, false when the connection is lost and being tried again. */
  onState: (connected: boolean) => void;
  /** The server refused for good (401, 403, 404): nothing is tried again. */
  onRefused?: (status: number) => void;
}

const LONGEST_WAIT = 30_000;
/** The server pings every 15 s; a connection silent for longer than this is dead. */
const SILENCE = 40_000;

/** Keep a stream open until it is stopped, resuming after the last event that was seen. */
export function openStream(url: string, options: StreamOptions): Stream {
  let stopped = false;
  let failures = 0;
  let lastId = options.lastId ?? "";
  let current: AbortController | null = null;
  let wake: (() => void) | null = null;

  const onOnline = () => wake?.();
  window.addEventListener("online", onOnline);
  void run();

  async function run(): Promise<void> {
    while (!stopped) {
      current = new AbortController();
      const refused = await readOnce(current).catch(() => false);
      if (refused) return;
      if (stopped) return;
      options.onState(false);
      failures += 1;
      await pause();
    }
  }

  async function readOnce(abort: AbortController): Promise<boolean> {
    const response = await fetch(url, {
      headers: {
        Accept: "text/event-stream",
        ...(lastId ? { "Last-Event-ID": lastId } : {}),
        ...options.headers?.(),
      },
      cache: "no-store",
      credentials: "same-origin",
      signal: abort.signal,
    });
    if ([401, 403, 404].includes(response.status)) {
      options.onRefused?.(response.status);
      return true;
    }
    if (!response.ok || !response.body) return false;
    options.onState(true);
    await readEvents(response.body, abort);
    return false;
  }

  async function readEvents(body: ReadableStream<Uint8Array>, abort: AbortController) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parse = eventParser((event) => {
      failures = 0;
      if (event.id) lastId = event.id;
      if (event.name !== "ping") options.onEvent(event);
    });
    for (;;) {
      const silent = setTimeout(() => abort.abort(), SILENCE);
      const { value, done } = await reader.read().finally(() => clearTimeout(silent));
      if (done) return;
      parse(decoder.decode(value, { stream: true }));
    }
  }

  function pause(): Promise<void> {
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(failures, 6));
    return new Promise((resolve) => {
      // Spread out, so that a restarted server isn't met by everybody at once.
      const timer = setTimeout(resolve, wait * (0.7 + Math.random() * 0.6));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    stop: () => {
      stopped = true;
      window.removeEventListener("online", onOnline);
      current?.abort();
      wake?.();
    },
  };
}

/** Feed it text as it arrives; it calls back once for each complete event. */
export function eventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = "";
  let event = fresh();

  function fresh() {
    return { id: "", name: "message", data: [] as string[], any: false };
  }

  function line(text: string): void {
    if (text === "") {
      if (event.any) onEvent({ id: event.id, name: event.name, data: event.data.join("\n") });
      event = fresh();
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "id") event.id = value;
    else if (field === "event") event.name = value;
    else if (field === "data") event.data.push(value);
    else return;
    event.any = true;
  }

  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
}
