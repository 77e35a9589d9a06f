import { Refused, type ChatApi, type NewMessage } from "./api";
import { newId } from "./ids";
import type { Memory } from "./memory";

export interface Outgoing extends NewMessage {
  state: "waiting" | "sending" | "sent" | "failed";
  /** What the server said was wrong. */
  problem: string;
}

const LONGEST_WAIT = 20_000;

/**
 * Messages on their way to the server, in order, kept over reloads. Each has an id of ours, so
 * that sending one twice after a lost answer doesn't make two of it.
 */
export class Outbox {
  private items: Outgoing[];
  private running = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: ChatApi,
    private readonly memory: Memory,
    /** Makes sure there is a session before anything is sent. */
    private readonly ready: (renew: boolean) => Promise<void>,
    private readonly changed: () => void,
  ) {
    this.items = restored(memory);
    addEventListener("online", () => this.flush());
  }

  get all(): readonly Outgoing[] {
    return this.items;
  }

  add(message: Omit<NewMessage, "client_id" | "at">): void {
    this.items.push({
      ...message,
      client_id: newId(),
      at: new Date().toISOString(),
      state: "waiting",
      problem: "",
    });
    this.keep();
    this.flush();
  }

  resend(clientId: string): void {
    const item = this.items.find(({ client_id }) => client_id === clientId);
    if (!item) return;
    item.state = "waiting";
    this.keep();
    this.flush();
  }

  discard(clientId: string): void {
    this.items = this.items.filter(({ client_id }) => client_id !== clientId);
    this.keep();
  }

  /** These stand in the conversation now. */
  arrived(clientIds: Set<string>): void {
    const kept = this.items.filter(({ client_id }) => !clientIds.has(client_id));
    if (kept.length === this.items.length) return;
    this.items = kept;
    this.keep();
  }

  empty(): void {
    this.items = [];
    this.keep();
  }

  flush(): void {
    clearTimeout(this.timer);
    if (!this.running) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.running = true;
    try {
      for (let next = this.next(); next; next = this.next()) {
        next.state = "sending";
        this.changed();
        await this.sendOne(next);
        this.failures = 0;
        this.keep();
      }
    } catch {
      this.later();
    } finally {
      this.running = false;
    }
  }

  private next(): Outgoing | undefined {
    return this.items.find(({ state }) => state === "waiting");
  }

  /** Throws when it may well work later; a refusal for good marks the message as failed. */
  private async sendOne(item: Outgoing): Promise<void> {
    const { state: _state, problem: _problem, ...message } = item;
    try {
      await this.ready(false);
      await this.api.write(message).catch(async (error: unknown) => {
        if (!(error instanceof Refused) || error.status !== 401) throw error;
        await this.ready(true);
        await this.api.write(message);
      });
      item.state = "sent";
    } catch (error) {
      if (error instanceof Refused && isForGood(error.status)) {
        item.state = "failed";
        item.problem = error.message;
        return;
      }
      item.state = "waiting";
      throw error;
    }
  }

  private later(): void {
    this.failures += 1;
    this.keep();
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(this.failures, 5));
    this.timer = setTimeout(() => this.flush(), wait);
  }

  private keep(): void {
    this.memory.set("outbox", this.items.length ? JSON.stringify(this.items) : "");
    this.changed();
  }
}

function isForGood(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** What an earlier page had not got through; it may have arrived, which the id sorts out. */
function restored(memory: Memory): Outgoing[] {
  try {
    const kept = JSON.parse(memory.get("outbox") || "[]") as Outgoing[];
    return kept.map((item) => (item.state === "failed" ? item : { ...item, state: "waiting" }));
  } catch {
    return [];
  }
}
