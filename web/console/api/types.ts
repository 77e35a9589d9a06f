/** The API's shapes, taken from its own description; only what that leaves open is said here. */
import type { components } from "./schema";

type Shapes = components["schemas"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Named = Shapes["Named"];
export type Me = Shapes["Me"];

export type ConversationRow = Shapes["ConversationRow"];
export type Status = ConversationRow["status"];
export type Box = "mine" | "unassigned" | "drafts" | "assistant" | "all";
export type ListOrder = "newest" | "waiting";
export type Counts = Shapes["Counts"];
export type Conversation = Omit<Shapes["ConversationShape"], "messages"> & { messages: Message[] };
export type Thread = Shapes["ThreadShape"];
export type HandOff = Shapes["HandOffShape"];
export type Identity = Shapes["IdentityShape"];

export type DeliveryState =
  "speaking" | "pending" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown";
export type Message = Omit<Shapes["MessageShape"], "state"> & { state: DeliveryState | null };
export type Attachment = Shapes["MessageFile"];
export type Prepared = Shapes["PreparedShape"];
export type Source = Shapes["MessageSource"];

export type Run = Shapes["RunShape"];
export type Asked = Shapes["Asked"];
/** What a run and a tried question have in common. */
export type Trace = Pick<Run, keyof Run & keyof Asked>;

export type Suggestion = Shapes["SuggestionShape"];
export type Said = Shapes["Said"];
export type CustomerRow = Shapes["CustomerRow"];
export type Customer = Omit<Shapes["CustomerShape"], "orders"> & { orders: Order[] };
/** As the merchant's shop tells it; any of it may be missing. */
export interface Order {
  number?: string;
  status?: string;
  placed_at?: string;
  total?: string;
  currency?: string;
  items?: { name: string; quantity?: number }[];
}

export type ArticleRow = Shapes["ArticleRow"];
export type Article = Shapes["ArticleShape"];
export type ArticleText = Shapes["ArticleText"];
export type FaqFile = Shapes["FaqFileShape"];
export type Upload = Shapes["UploadShape"];

export type Inbox = Shapes["InboxShape"];
export type Trouble = Shapes["TroubleShape"];
export type TrialPlan = Shapes["TrialPlan"];
export type TrialAddress = Shapes["TrialAddress"];
export type Trial = Shapes["TrialShape"];
export type Ways = Shapes["WaysShape"];
export type Way = Shapes["WayShape"];
export type NewAddress = Shapes["NewAddress"];
export type FirstWords = Shapes["FirstWords"];
export type InboxChange = Shapes["InboxChanges"];
export type NewInbox = Shapes["NewInbox"];
export type Policy = Inbox["policy"];
export type Channel = Shapes["ChannelShape"];
export type ChannelField = Shapes["FieldShape"];
export type Check = Shapes["CheckShape"];
export type Template = Shapes["TemplateShape"];
export type TemplateUse = Shapes["TemplateUse"];
export type Consents = Shapes["ConsentsShape"];
export type ConsentWord = Shapes["Word"];
export type NewConsent = Shapes["NewWord"];

export type Teammate = Shapes["TeammateShape"];
export type Hours = Shapes["Hours"];
export type Rule = Shapes["Rule"];
export type Queue = Omit<Shapes["QueueShape"], "rules" | "hours"> & {
  rules: Rule[];
  hours: Partial<Hours>;
};

export type Company = Shapes["CompanyNow"];
export type ModelSettings = Shapes["ModelShape"];
export type ModelChange = Shapes["ModelChanges"];
export type ModelCheck = Shapes["ModelCheck"];
export type DeadLetter = Shapes["DeadLetterShape"];

export type Webhook = Shapes["HookShape"] & { name: string };
export type WebhookList = Shapes["HookList"];
export type WebhookChange = Shapes["HookChanges"];
export type NewWebhook = Shapes["NewHook"];
export type WebhookSecret = Shapes["HookSecret"];
export type WebhookDelivery = Shapes["DeliveryShape"];
