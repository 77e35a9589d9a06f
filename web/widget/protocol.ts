/** What the loader on the shop's page and the frame of the chat say to each other. */

export type ToFrame =
  | { verb: "init"; language: string; page: string; theme: string }
  | { verb: "identify"; jwt: string }
  | { verb: "attributes"; values: Record<string, unknown> }
  | { verb: "track"; name: string; data: Record<string, unknown> }
  /** `covers`: the chat lies over the whole page, as on a phone. */
  | { verb: "shown"; open: boolean; focus: boolean; covers: boolean }
  | { verb: "page"; page: string }
  | { verb: "dismissed" }
  | { verb: "reset" };

export type FromFrame =
  | { told: "loaded" }
  | { told: "ready"; colour: string; title: string; openLabel: string; closeLabel: string }
  | { told: "unread"; count: number }
  | { told: "close" }
  /** Show this beside the button; without a text, show nothing. */
  | { told: "invite"; text: string; dismissLabel: string }
  | { told: "event"; name: string; data: Record<string, unknown> };

/** Marks our messages among everything else that pages post to each other. */
export const MARK = "onethread";
