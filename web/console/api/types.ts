/** The shapes the API speaks in. */

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Named {
  id: string;
  name: string;
}

export interface Me {
  id: string;
  name: string;
  email: string;
  role: string;
  available: boolean;
  company: string;
  demo: boolean;
}

export type Status = "open" | "snoozed" | "resolved";
export type Box = "mine" | "unassigned" | "assistant" | "all";

export interface ConversationRow {
  id: string;
  customer: Named;
  subject: string;
  status: Status;
  with_person: boolean;
  assignee: Named | null;
  queue: Named | null;
  channels: string[];
  language: string;
  last_at: string;
  waiting_since: string | null;
  snoozed_until: string | null;
  preview: string;
  preview_author: string;
  unread: boolean;
  drafts: number;
}

export interface Counts {
  mine: number;
  unassigned: number;
  assistant: number;
  all: number;
  resolved: number;
  drafts: number;
}

export interface Identity {
  id: string;
  kind: string;
  value: string;
  strength: string;
}

export interface Thread {
  id: string;
  inbox: { id: string; name: string; kind: string };
  identity: Identity;
  subject: string;
  window_closes_at: string | null;
}

export interface Source {
  title: string;
  url: string;
  passage?: string | null;
}

export interface Attachment {
  id: string;
  kind: string;
  name: string;
  type: string;
  size: number | null;
  url: string | null;
  problem: string;
}

export type DeliveryState =
  "speaking" | "pending" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown";

export interface Message {
  id: string;
  thread_id: string | null;
  direction: "in" | "out" | "note";
  author: "customer" | "assistant" | "teammate" | "system";
  author_name: string;
  at: string;
  text: string;
  html: string;
  quoted: string;
  subject: string;
  kind: string;
  choices: string[];
  sources: Source[];
  channel: string | null;
  inbox_name: string | null;
  state: DeliveryState | null;
  error: string;
  draft: boolean;
  run_id: string | null;
  automatic: string;
  reactions: Record<string, string>;
  attachments: Attachment[];
  edited_at: string | null;
  deleted_at: string | null;
  details: Record<string, unknown>;
}

/** A quotation, or something that was found. */
export type SummaryItem = string | { title: string; url: string };

export interface HandOff {
  reason: string;
  explanation: string;
  summary: Partial<Record<"asked" | "tried" | "found" | "open", SummaryItem[]>>;
  at: string;
}

export interface Conversation extends ConversationRow {
  threads: Thread[];
  messages: Message[];
  hand_off: HandOff | null;
}

export interface Retrieved {
  article_id: string;
  title: string;
  url: string;
  score: number;
  passage: string;
}

export interface Trace {
  decision: string;
  confidence: number;
  threshold: number | null;
  explanation: string;
  mode: string;
  understood: Record<string, unknown>;
  retrieved: Retrieved[];
  claims: { text: string; passage_id: string | null; passage: string | null; ok: boolean }[];
  reasons: string[];
  timings: Record<string, number>;
  versions: Record<string, string>;
}

export interface Run extends Trace {
  id: string;
  at: string;
}

/** As the merchant's shop tells it; any of it may be missing. */
export interface Order {
  id?: string;
  number?: string;
  status?: string;
  placed_at?: string;
  total?: string;
  currency?: string;
  tracking_number?: string;
  items?: { name: string; quantity?: number }[];
}

export interface Customer {
  id: string;
  name: string;
  language: string;
  city: string;
  merchant_id: string | null;
  attributes: Record<string, unknown>;
  identities: (Identity & { evidence: { source: string; strength: string; at: string }[] })[];
  conversations: ConversationRow[];
  orders: Order[];
  merges: { id: string; merged: Named; source: string; strength: string; by: string; at: string }[];
}

export interface CustomerRow extends Named {
  language: string;
  city: string;
  identities: { kind: string; value: string; strength: string }[];
}

export interface ArticleRow {
  id: string;
  title: string;
  status: string;
  source: string;
  language: string;
  audience: string;
  version: number;
  passages: number;
  updated_at: string;
  indexed: boolean;
  url: string;
}

export interface Article extends Omit<ArticleRow, "passages"> {
  text: string;
  passages: { id: string; breadcrumb: string; text: string; kind: string }[];
  versions: { number: number; title: string; at: string; by: string; current: boolean }[];
}

export interface Upload {
  id: string;
  name: string;
  size?: number | null;
  state: "waiting" | "parsing" | "indexing" | "done" | "failed";
  progress: number;
  message: string;
  article_id: string | null;
  at: string;
}

export interface Asked extends Trace {
  text: string;
  sources: Source[];
}

export type Policy = "certified" | "threshold" | "drafts" | "off";

export interface Inbox {
  id: string;
  kind: string;
  name: string;
  brand: string;
  enabled: boolean;
  policy: Policy;
  threshold: number;
  queue_id: string | null;
  disclosure: string;
  config: Record<string, string>;
  secrets_set: string[];
  problem: string;
  broken_since: string | null;
  webhook_url: string;
}

export interface ChannelField {
  name: string;
  label: string;
  secret: boolean;
  help: string;
  default: string;
  required: boolean;
}

export interface Channel {
  kind: string;
  name: string;
  fields: ChannelField[];
}

export interface Check {
  name: string;
  ok: boolean;
  message: string;
}

export interface Teammate extends Named {
  email: string;
  role: string;
  active: boolean;
  available: boolean;
}

/** Opening times by day ("mon"); no days at all means always. */
export interface Hours {
  timezone?: string;
  days?: Record<string, [string, string][]>;
}

/** Routes a conversation to a queue when every field given matches. */
export type Rule = Partial<Record<"inbox" | "language" | "topic" | "risk", string | string[]>>;

export interface Queue extends Named {
  is_fallback: boolean;
  rules: Rule[];
  hours: Hours;
  first_reply_minutes: number;
  members: string[];
}

export interface Company {
  name: string;
  website: string;
  tagline: string;
  disclosure: string;
}

export interface ModelSettings {
  enabled: boolean;
  base_url: string;
  model: string;
  api_key_set: boolean;
  timeout: number;
}

export interface DeadLetter {
  id: string;
  at: string;
  reason: string;
  inbox_id?: string | null;
  inbox_name?: string | null;
  body?: string;
  attempts?: number;
}
