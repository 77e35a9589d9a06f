/** How a website chat's settings are kept in its inbox: as short texts that people can read too. */

export type Ask = "no" | "optional" | "required";

export interface Invitation {
  page: string;
  seconds: number;
  once: "visitor" | "day";
  text: string;
}

export interface WebsiteChatSettings {
  asks: Record<"name" | "email" | "phone", Ask>;
  rating: boolean;
  seen: boolean;
  invitations: Invitation[];
}

const OPTIONAL = "(optional)";

export function readChat(config: Record<string, string>): WebsiteChatSettings {
  const written = (config.pre_chat ?? "").toLowerCase().split(",");
  const ask = (name: string): Ask => {
    const found = written.find((one) => one.replace(OPTIONAL, "").trim() === name);
    if (found === undefined) return "no";
    return found.includes(OPTIONAL) ? "optional" : "required";
  };
  return {
    asks: { name: ask("name"), email: ask("email"), phone: ask("phone") },
    rating: config.ask_rating !== "no",
    seen: config.show_seen !== "no",
    invitations: invitationsOf(config.invitations),
  };
}

function invitationsOf(written: string | undefined): Invitation[] {
  try {
    const rows = JSON.parse(written || "[]") as Partial<Invitation>[];
    return rows.map(({ page = "*", seconds = 0, once = "visitor", text = "" }) => ({
      page,
      seconds,
      once,
      text,
    }));
  } catch {
    return [];
  }
}

export function writeChat({ asks, rating, seen, invitations }: WebsiteChatSettings) {
  const asked = Object.entries(asks).filter(([, ask]) => ask !== "no");
  return {
    pre_chat: asked
      .map(([name, ask]) => (ask === "optional" ? `${name} ${OPTIONAL}` : name))
      .join(", "),
    ask_rating: rating ? "yes" : "no",
    show_seen: seen ? "yes" : "no",
    invitations: JSON.stringify(invitations),
  };
}
