import { openStream, type Stream } from "@shared/sse";

import {
  ChatApi,
  type ChatFile,
  type ChatMessage,
  type ChatRating,
  type ChatSettings,
  type Invitation,
  Refused,
} from "./api";
import { Memory } from "./memory";
import { Outbox } from "./outbox";
import { Told } from "./told";

const TYPING_LASTS = 7000;
const TYPING_EVERY = 3000;
/** A message on its way can't count as read yet: the mark would be lost. */
const SENT = new Set(["sent", "delivered", "read"]);

export interface Visitor {
  name: string;
  email: string;
  phone: string;
}

interface Hooks {
  changed: () => void;
  /** Something was said that this browser hasn't shown yet. */
  heard: (message: ChatMessage) => void;
  identified: (name: string) => void;
}

/** One visitor's chat with one inbox: what was said, what is on its way, and who is typing. */
export class Chat {
  readonly api: ChatApi;
  readonly outbox: Outbox;
  readonly told: Told;
  readonly memory: Memory;
  settings: ChatSettings | null = null;
  settingsFailed = false;
  messages: ChatMessage[] = [];
  /** Set while the last chat is over and may be rated. */
  rating: ChatRating | null = null;
  /** What was shown unasked; it is part of the chat only once it is answered. */
  invitation: Invitation | null = null;
  typing = false;
  connected = true;
  identified = false;
  page = "";

  private stream: Stream | null = null;
  private jwt = "";
  private identifying = 0;
  /** What waited here when somebody was signed in; it isn't theirs if they are somebody else. */
  private unsent: { facts: Told["all"]; messages: Outbox["all"] } = { facts: [], messages: [] };
  private visible = false;
  private starting: Promise<void> | null = null;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private lastTyping = 0;
  /** What the form before the chat was answered with; null: it wasn't shown yet. */
  private visitor: Partial<Visitor> | null;
  /** Counts who was here: what began for an earlier visitor must not reach the next. */
  private visitors = 0;

  constructor(
    inbox: string,
    private readonly hooks: Hooks,
  ) {
    this.api = new ChatApi(inbox);
    this.memory = new Memory(inbox);
    this.identified = this.memory.get("identified") === "yes";
    this.visitor = introduced(this.memory);
    this.outbox = new Outbox(
      this.api,
      this.memory,
      (renew) => this.begin(renew),
      () => hooks.changed(),
    );
    this.told = new Told(this.api, this.memory, () => this.isSettled);
  }

  /** Load what the chat looks like; somebody who was here before gets their chat back. */
  async start(): Promise<void> {
    this.settingsFailed = false;
    try {
      this.settings = await this.api.settings();
    } catch {
      this.settingsFailed = true;
    }
    this.hooks.changed();
    if (this.memory.get("token")) await this.begin(false).catch(() => undefined);
    this.outbox.flush();
  }

  async identify(jwt: string): Promise<void> {
    this.jwt = jwt;
    this.unsent = { facts: this.told.all, messages: [...this.outbox.all] };
    this.identifying += 1;
    await this.begin(true).catch((error: Refused) => {
      if (error.status) console.warn(`OneThread: ${error.message}`);
    });
    this.identifying -= 1;
    this.told.flush();
  }

  reset(): void {
    this.visitors += 1;
    this.stream?.stop();
    this.stream = null;
    this.jwt = "";
    this.api.token = "";
    this.identified = false;
    this.visitor = null;
    this.messages = [];
    this.rating = null;
    this.invitation = null;
    this.typing = false;
    this.memory.forget();
    this.outbox.empty();
    this.told.forget(this.told.all);
  }

  send(text: string, extra: { choice?: string; files?: ChatFile[] } = {}): void {
    const { name, email, phone } = this.visitor ?? {};
    const invitation = this.started ? undefined : this.invitation?.id;
    const page = this.page || undefined;
    this.outbox.add({ text, ...extra, name, email, phone, page, invitation });
  }

  introduce(visitor: Partial<Visitor>): void {
    this.visitor = visitor;
    this.memory.set("visitor", JSON.stringify(visitor));
    this.hooks.changed();
  }

  get needsIntroduction(): boolean {
    const asks = this.settings?.pre_chat ?? [];
    return asks.length > 0 && !this.visitor && !this.identified && !this.api.token && !this.started;
  }

  /** Whoever is told about is who has the session. */
  private get isSettled(): boolean {
    return !!this.api.token && !this.starting && !this.identifying;
  }

  get started(): boolean {
    return this.messages.length > 0 || this.outbox.all.length > 0;
  }

  async rate(score: number, comment: string): Promise<void> {
    if (!this.rating) return;
    this.rating = await this.api.rate(this.rating.conversation_id, score, comment);
    this.hooks.changed();
  }

  noteTyping(): void {
    if (!this.api.token || Date.now() - this.lastTyping < TYPING_EVERY) return;
    this.lastTyping = Date.now();
    void this.api.typing().catch(() => undefined);
  }

  show(visible: boolean): void {
    this.visible = visible;
    if (visible) this.markSeen();
  }

  get unread(): number {
    const seen = this.memory.get("seen");
    const at = this.messages.findLastIndex(({ id }) => id === seen);
    return this.messages.slice(at + 1).filter(({ from }) => from !== "me").length;
  }

  /** A session, for what needs one before the first message. */
  admit(): Promise<void> {
    return this.begin(false);
  }

  private markSeen(): void {
    const last = this.messages.findLast(({ from, state }) => from !== "me" && SENT.has(state));
    if (!last || last.id === this.memory.get("seen")) return;
    this.memory.set("seen", last.id);
    void this.api.seen(last.id).catch(() => undefined);
    this.hooks.changed();
  }

  private async begin(renew: boolean): Promise<void> {
    while (this.starting) await this.starting.catch(() => undefined);
    if (this.api.token && !renew) return;
    this.starting = this.beginNow().finally(() => (this.starting = null));
    await this.starting;
    this.told.flush();
  }

  private async beginNow(): Promise<void> {
    const visitor = this.visitors;
    const before = this.memory.get("token");
    const session = await this.api.begin(before, this.jwt);
    if (visitor !== this.visitors) throw new Refused(0, "");
    this.api.token = session.visitor_token;
    this.memory.set("token", session.visitor_token);
    if (session.identified) {
      this.identified = true;
      this.memory.set("identified", "yes");
      this.hooks.identified(session.name);
    }
    if (before !== session.visitor_token) this.messages = [];
    if (before && before !== session.visitor_token) this.dropUnsent();
    await this.follow();
  }

  private dropUnsent(): void {
    this.told.forget(this.unsent.facts);
    this.unsent.messages.forEach(({ client_id }) => this.outbox.discard(client_id));
  }

  /** Read the chat so far, then hear what is new from exactly there on. */
  private async follow(): Promise<void> {
    this.stream?.stop();
    const visitor = this.visitors;
    const { items, last, rating } = await this.api.messages();
    if (visitor !== this.visitors) return;
    this.messages = items;
    this.rating = rating;
    this.settle();
    this.stream = openStream(`${this.api.base}/live`, {
      lastId: String(last),
      headers: () => this.api.headers(),
      onState: (connected) => {
        this.connected = connected;
        this.hooks.changed();
        if (!connected) return;
        this.outbox.flush();
        this.told.flush();
      },
      onEvent: ({ name, data }) => this.hear(name, data),
      onRefused: () => void this.begin(true).catch(() => undefined),
    });
  }

  private hear(name: string, data: string): void {
    if (name === "message") return this.put(JSON.parse(data) as ChatMessage);
    if (name === "piece") return this.append(JSON.parse(data) as { id: string; text: string });
    if (name === "typing") this.setTyping(true);
    if (name === "rating") {
      this.rating = JSON.parse(data) as ChatRating | null;
      this.hooks.changed();
    }
  }

  private put(message: ChatMessage): void {
    const at = this.messages.findIndex(({ id }) => id === message.id);
    const isNew = at < 0;
    if (isNew) this.messages.push(message);
    else this.messages[at] = message;
    this.messages.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    if (message.from !== "me") {
      this.setTyping(false);
      if (isNew) this.hooks.heard(message);
    }
    this.settle();
  }

  private append({ id, text }: { id: string; text: string }): void {
    const message = this.messages.find((one) => one.id === id);
    if (message) message.text += text;
    this.hooks.changed();
  }

  private settle(): void {
    this.outbox.arrived(new Set(this.messages.map(({ client_id }) => client_id).filter(Boolean)));
    if (this.visible) this.markSeen();
    this.hooks.changed();
  }

  private setTyping(typing: boolean): void {
    clearTimeout(this.typingTimer);
    this.typing = typing;
    if (typing) this.typingTimer = setTimeout(() => this.setTyping(false), TYPING_LASTS);
    this.hooks.changed();
  }
}

function introduced(memory: Memory): Partial<Visitor> | null {
  try {
    return JSON.parse(memory.get("visitor") || "null") as Partial<Visitor> | null;
  } catch {
    return null;
  }
}

export { Refused };
