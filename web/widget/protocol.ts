/** What the loader on the shop's page and the frame of the chat say to each other. */

export type ToFrame =
  | { verb: "init"; language: string; page: string }
  | { verb: "identify"; jwt: string }
  | { verb: "attributes"; values: Record<string, unknown> }
  | { verb: "track"; name: string; data: Record<string, unknown> }
  | { verb: "shown"; open: boolean; focus: boolean }
  | { verb: "page"; page: string }
  | { verb: "reset" };

export type FromFrame =
  | { told: "loaded" }
  | { told: "ready"; colour: string; title: string; openLabel: string; closeLabel: string }
  | { told: "unread"; count: number }
  | { told: "close" }
  | { told: "event"; name: string; data: Record<string, unknown> };

/** Marks our messages among everything else that pages post to each other. */
export const MARK = "onethread";
