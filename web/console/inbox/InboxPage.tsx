import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useConversations, type Filter } from "~/api/conversations";
import type { ConversationRow } from "~/api/types";
import { Empty } from "~/parts/states";
import type { InboxSearch } from "~/router";
import { useKeys } from "~/shell/keys";

import { Boxes } from "./Boxes";
import { ConversationList } from "./ConversationList";
import { ConversationView } from "./ConversationView";
import classes from "./InboxPage.module.css";

/** Boxes, the list, and the open conversation; on a phone one of the last two at a time. */
export function InboxPage() {
  const search = useSearch({ from: "/shell/inbox" });
  const { conversationId } = useParams({ strict: false });
  const navigate = useNavigate();
  const conversations = useConversations(filterOf(search));
  const rows = conversations.data ?? NONE;
  const [cursor, setCursor] = useState<string | null>(null);
  const selected = conversationId ?? cursor;
  const at = rows.findIndex(({ id }) => id === selected);
  const place = useRef(0);
  useEffect(() => {
    if (at >= 0) place.current = at;
  }, [at]);

  const open = (id: string) =>
    void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search });
  const close = () => {
    setCursor(conversationId ?? null);
    void navigate({ to: "/inbox", search });
  };
  const step = (by: number) => {
    // What was resolved has left the list: go on from where it stood.
    const to = at >= 0 ? at + by : by > 0 ? place.current : place.current - 1;
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!next) return;
    if (conversationId) open(next.id);
    else setCursor(next.id);
  };

  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => selected && open(selected),
    Escape: () => conversationId && close(),
    "/": () => document.getElementById("inbox-search")?.focus(),
  });

  return (
    <div className={classes.inbox} data-conversation={conversationId ? true : undefined}>
      <aside className={classes.side} aria-label="Conversations">
        <Boxes search={search} />
        <ConversationList
          query={conversations}
          rows={rows}
          search={search}
          selected={selected}
          onOpen={open}
        />
      </aside>
      {conversationId ? (
        <ConversationView key={conversationId} id={conversationId} onClose={close} />
      ) : (
        <section className={classes.nothing} aria-label="Conversation">
          <Empty icon={MessagesSquare} title="No conversation open">
            Choose one from the list, or press j and k to move and Enter to open.
          </Empty>
        </section>
      )}
    </div>
  );
}

const NONE: ConversationRow[] = [];

function filterOf({ box = "all", ...others }: InboxSearch): Filter {
  if (box === "resolved" || box === "snoozed") return { box: "all", status: box, ...others };
  return { box, status: "open", ...others };
}
