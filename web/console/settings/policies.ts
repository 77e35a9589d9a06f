import type { Policy } from "~/api/types";

/** When the assistant may speak, in words for whoever decides it. */
export const POLICIES: Record<Policy, { name: string; text: string; colour: string }> = {
  certified: {
    name: "Certified only",
    text: "It answers by itself only where people's labels prove how rarely it is wrong. Elsewhere it gives curated FAQ entries word for word and drafts the rest.",
    colour: "thread",
  },
  threshold: {
    name: "Above a threshold",
    text: "It answers whenever it is sure enough by its own estimate. Nothing proves that estimate yet, so answers are marked uncertified.",
    colour: "indigo",
  },
  drafts: {
    name: "Drafts only",
    text: "It never answers by itself: every answer waits for a teammate's approval.",
    colour: "yellow",
  },
  off: { name: "Off", text: "It stays silent here. People answer everything.", colour: "gray" },
};

export const POLICY_ORDER: Policy[] = ["certified", "threshold", "drafts", "off"];
