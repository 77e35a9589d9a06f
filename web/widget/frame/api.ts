/** The chat's endpoints of one inbox. */

export interface ChatSettings {
  name: string;
  brand: string;
  greeting: string;
  colour: string;
  pre_chat: string[];
  assistant_name: string;
}

export interface ChatFile {
  name: string;
  type: string;
  reference: string;
  size: number;
}

export interface ChatAttachment {
  id: string;
  name: string;
  type: string;
  size: number | null;
  url: string;
}

export interface ChatMessage {
  id: string;
  client_id: string;
  from: "me" | "assistant" | "teammate" | "system";
  name: string;
  text: string;
  at: string;
  sources: { title: string; url: string }[];
  choices: string[];
  state: string;
  streaming: boolean;
  attachments: ChatAttachment[];
}

export interface NewMessage {
  client_id: string;
  text: string;
  at: string;
  choice?: string;
  files?: ChatFile[];
  name?: string;
  email?: string;
  phone?: string;
  page?: string;
}

interface ChatSession {
  visitor_token: string;
  identified: boolean;
  name: string;
}

/** A refusal with its status; 0: the server wasn't reached. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class ChatApi {
  token = "";
  readonly base: string;

  constructor(inbox: string) {
    this.base = `/chat/${encodeURIComponent(inbox)}`;
  }

  settings = () => this.call<ChatSettings>("GET", "/settings");

  /** Admit this visitor; a signed identity makes them a known customer. */
  begin = (token: string, jwt: string) =>
    this.call<ChatSession>("POST", "/session", { visitor_token: token, identity_jwt: jwt });

  messages = () => this.call<{ items: ChatMessage[]; last: number }>("GET", "/messages");
  write = (message: NewMessage) => this.call<{ id: string }>("POST", "/messages", message);
  typing = () => this.call<unknown>("POST", "/typing");
  seen = (id: string) => this.call<unknown>("POST", "/seen", { message_id: id });
  tell = (path: "/attributes" | "/events", body: unknown) => this.call<unknown>("POST", path, body);

  upload(file: File): Promise<ChatFile> {
    const form = new FormData();
    form.append("file", file);
    return this.call<ChatFile>("POST", "/attachments", form);
  }

  async file(attachment: ChatAttachment): Promise<Blob> {
    const response = await fetch(attachment.url, { headers: this.headers() });
    if (!response.ok) throw new Refused(response.status, "");
    return response.blob();
  }

  headers(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const isForm = body instanceof FormData;
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...this.headers(),
        ...(body !== undefined && !isForm ? { "Content-Type": "application/json" } : {}),
      },
      body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => {
      throw new Refused(0, "");
    });
    if (!response.ok) {
      const said = (await response.json().catch(() => ({}))) as { message?: string };
      throw new Refused(response.status, said.message ?? "");
    }
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}
