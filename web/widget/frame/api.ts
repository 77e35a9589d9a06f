/** The chat's endpoints of one inbox. */

export interface Question {
  ask: "name" | "email" | "phone";
  required: boolean;
}

export interface Invitation {
  id: string;
  page: string;
  seconds: number;
  daily: boolean;
  text: string;
}

export interface ChatSettings {
  name: string;
  brand: string;
  greeting: string;
  colour: string;
  pre_chat: Question[];
  invitations: Invitation[];
  assistant_name: string;
  /** Whether the chat can be had by email. */
  transcript: boolean;
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
  /** Of one's own: a teammate has read it. */
  seen: boolean;
  streaming: boolean;
  attachments: ChatAttachment[];
}

/** A chat that is over: how it was rated, or that it may be. */
export interface ChatRating {
  conversation_id: string;
  score: number | null;
  comment: string;
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
  /** What was shown unasked and is answered by this. */
  invitation?: string;
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

  messages = () =>
    this.call<{ items: ChatMessage[]; last: number; rating: ChatRating | null }>(
      "GET",
      "/messages",
    );
  write = (message: NewMessage) => this.call<{ id: string }>("POST", "/messages", message);
  typing = () => this.call<unknown>("POST", "/typing");
  rate = (conversation_id: string, score: number, comment: string) =>
    this.call<ChatRating>("PUT", "/rating", { conversation_id, score, comment });
  transcript = (email: string) =>
    this.call<unknown>("POST", "/transcript", { email, language: document.documentElement.lang });
  seen = (id: string) => this.call<unknown>("POST", "/seen", { message_id: id });
  tell = (path: "/attributes" | "/events", body: unknown) => this.call<unknown>("POST", path, body);

  /** Tells how much has gone, from 0 to 1; only XMLHttpRequest knows. */
  upload(file: File, gone: (part: number) => void): Promise<ChatFile> {
    const form = new FormData();
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", `${this.base}/attachments`);
    for (const [header, value] of Object.entries(this.headers()))
      request.setRequestHeader(header, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => gone(total ? loaded / total : 0);
    return new Promise((done, failed) => {
      request.onload = () => {
        const said = request.response as (ChatFile & { message?: string }) | null;
        if (request.status < 300 && said) done(said);
        else failed(new Refused(request.status, said?.message ?? ""));
      };
      request.onerror = request.onabort = () => failed(new Refused(0, ""));
      request.send(form);
    });
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
