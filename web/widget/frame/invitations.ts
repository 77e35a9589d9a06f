import type { Invitation } from "./api";
import type { Memory } from "./memory";

/**
 * Messages that the chat shows by itself, beside its button: each after some seconds on a page
 * that matches, once a day or once ever. They never open the chat.
 */
export class Invitations {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private page = "";

  constructor(
    private readonly memory: Memory,
    private readonly rules: () => Invitation[],
    /** Nobody is invited to a chat they are in. */
    private readonly isFree: () => boolean,
    private readonly invite: (invitation: Invitation) => void,
  ) {}

  /** The visitor is on this page now: begin to count. */
  visit(page: string): void {
    if (page === this.page) return;
    this.page = page;
    this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    const due = this.rules()
      .filter((rule) => matches(rule.page, this.page) && !this.wasShown(rule))
      .sort((a, b) => a.seconds - b.seconds)[0];
    if (due) this.timer = setTimeout(() => this.show(due), due.seconds * 1000);
  }

  private show(rule: Invitation): void {
    if (!this.isFree() || this.wasShown(rule)) return;
    this.memory.set("invited", JSON.stringify({ ...this.shown(), [rule.id]: today() }));
    this.invite(rule);
  }

  private wasShown(rule: Invitation): boolean {
    const day = this.shown()[rule.id];
    return rule.daily ? day === today() : day !== undefined;
  }

  /** By invitation, the day it was shown last. */
  private shown(): Record<string, string> {
    try {
      return JSON.parse(this.memory.get("invited") || "{}") as Record<string, string>;
    } catch {
      return {};
    }
  }
}

const today = () => new Date().toDateString();

/** `*` stands for anything; a pattern from "/" on is compared with the address after its host. */
function matches(pattern: string, page: string): boolean {
  const { pathname, search, href, hash } = new URL(page);
  const whole = pattern.startsWith("/")
    ? pathname + search
    : href.slice(0, href.length - hash.length);
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(whole);
}
