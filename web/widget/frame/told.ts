import { Refused, type ChatApi } from "./api";
import { newId } from "./ids";
import type { Memory } from "./memory";

interface Fact {
  path: "/attributes" | "/events";
  body: Record<string, unknown>;
}

const MOST = 30;
const AGAIN_AFTER = 5000;

/**
 * What the shop's page says about its visitor. It waits in this browser until the visitor has a
 * session: of somebody who never chats, nothing is sent.
 */
export class Told {
  private facts: Fact[];
  private running = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: ChatApi,
    private readonly memory: Memory,
    private readonly mayGo: () => boolean,
  ) {
    this.facts = restored(memory);
  }

  attributes(values: Record<string, unknown>): void {
    this.add({ path: "/attributes", body: { values } });
  }

  track(name: string, data: Record<string, unknown>): void {
    const at = new Date().toISOString();
    this.add({ path: "/events", body: { client_id: newId(), name, data, at } });
  }

  /** Take these back: they are about somebody else. */
  forget(facts: readonly Fact[]): void {
    this.facts = this.facts.filter((fact) => !facts.includes(fact));
    this.keep();
  }

  get all(): readonly Fact[] {
    return [...this.facts];
  }

  flush(): void {
    clearTimeout(this.timer);
    if (!this.running) void this.sendAll();
  }

  private add(fact: Fact): void {
    this.facts.push(fact);
    this.keep();
    this.flush();
  }

  private async sendAll(): Promise<void> {
    this.running = true;
    for (let next = this.next(); next; next = this.next()) {
      const done = await this.sendOne(next);
      if (!done) {
        this.timer = setTimeout(() => this.flush(), AGAIN_AFTER);
        break;
      }
      this.forget([next]);
    }
    this.running = false;
  }

  private next(): Fact | undefined {
    return this.mayGo() ? this.facts[0] : undefined;
  }

  /** False when it may well work later; a refusal for good is told to whoever builds the page. */
  private async sendOne({ path, body }: Fact): Promise<boolean> {
    try {
      await this.api.tell(path, body);
    } catch (error) {
      const { status, message } = error as Refused;
      if (!isForGood(status)) return false;
      console.warn(`OneThread: ${message}`);
    }
    return true;
  }

  private keep(): void {
    this.facts = this.facts.slice(-MOST);
    this.memory.set("told", this.facts.length ? JSON.stringify(this.facts) : "");
  }
}

const isForGood = (status: number) => status === 404 || status === 413 || status === 422;

function restored(memory: Memory): Fact[] {
  try {
    return JSON.parse(memory.get("told") || "[]") as Fact[];
  } catch {
    return [];
  }
}
