/** What this browser remembers of one inbox's chat. Where storage is barred, only the page does. */
export class Memory {
  private readonly here = new Map<string, string>();

  constructor(private readonly inbox: string) {}

  get(key: string): string {
    try {
      return localStorage.getItem(this.name(key)) ?? "";
    } catch {
      return this.here.get(key) ?? "";
    }
  }

  set(key: string, value: string): void {
    this.here.set(key, value);
    try {
      if (value) localStorage.setItem(this.name(key), value);
      else localStorage.removeItem(this.name(key));
    } catch {
      return;
    }
  }

  forget(): void {
    for (const key of ["token", "outbox", "seen", "identified", "told", "visitor"])
      this.set(key, "");
  }

  private name(key: string): string {
    return `onethread:${this.inbox}:${key}`;
  }
}
