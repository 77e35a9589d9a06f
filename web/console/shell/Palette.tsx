import { openSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import {
  BookOpen,
  Inbox,
  MessageSquare,
  Plus,
  Search,
  Settings,
  UserRound,
  UsersRound,
  Zap,
} from "lucide-react";
import { useState } from "react";

import { useArticles } from "~/api/articles";
import { useConversations } from "~/api/conversations";
import { useMay } from "~/parts/may";

import { useOffered } from "./commands";
import { SECTIONS, sectionIds } from "./sections";

export const openPalette = openSpotlight;

/** Ctrl-K: go anywhere, find a conversation or an article. */
export function Palette() {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const actions = useActions(navigate);
  const found = useFound(typed.trim(), navigate);

  return (
    <Spotlight
      actions={[...actions, ...found]}
      query={typed}
      onQueryChange={setTyped}
      filter={(q, all) => matching(q, all)}
      nothingFound="Nothing found"
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      lockScroll={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.32 }}
      searchProps={{
        leftSection: <Search size={18} aria-hidden />,
        placeholder: "Do, go to, or find a customer, conversation or article",
        "aria-label": "Search and commands",
      }}
    />
  );
}

type Go = ReturnType<typeof useNavigate>;

function useActions(navigate: Go): SpotlightActionData[] {
  const here = useOffered();
  const mayLead = useMay("lead");
  const isAdmin = useMay("admin");
  const sections = sectionIds.filter((id) => (SECTIONS[id].role === "admin" ? isAdmin : mayLead));
  return [
    ...here.map(({ name, run }) => command(name, Zap, run)),
    command("Inbox", Inbox, () => void navigate({ to: "/inbox" })),
    command("Same person?", UsersRound, () => void navigate({ to: "/same-person" })),
    command("Articles", BookOpen, () => void navigate({ to: "/articles" })),
    ...(mayLead
      ? [command("Write an article", Plus, () => void navigate({ to: "/articles/new" }))]
      : []),
    ...sections.map((section) =>
      command(
        `Settings: ${SECTIONS[section].name.toLowerCase()}`,
        Settings,
        () => void navigate({ to: "/settings/$section", params: { section } }),
      ),
    ),
    command("My profile", UserRound, () => void navigate({ to: "/profile" })),
  ];
}

function command(label: string, Icon: typeof Inbox, onClick: () => void): SpotlightActionData {
  return { id: label, label, onClick, leftSection: <Icon size={18} aria-hidden /> };
}

function useFound(typed: string, navigate: Go): SpotlightActionData[] {
  const [q] = useDebouncedValue(typed, 200);
  const searching = q.length > 1;
  const conversations = useConversations({ box: "all", status: "all", q }, searching);
  const articles = useArticles({ q }, searching);
  if (!searching) return [];
  return [
    ...(conversations.data ?? []).slice(0, 6).map((row) => ({
      id: `conversation-${row.id}`,
      label: row.customer.name || "Visitor",
      description: row.subject || row.preview,
      leftSection: <MessageSquare size={18} aria-hidden />,
      onClick: () =>
        void navigate({
          to: "/inbox/$conversationId",
          params: { conversationId: row.id },
        }),
    })),
    ...(articles.data ?? []).slice(0, 6).map((row) => ({
      id: `article-${row.id}`,
      label: row.title,
      leftSection: <BookOpen size={18} aria-hidden />,
      onClick: () => void navigate({ to: "/articles/$articleId", params: { articleId: row.id } }),
    })),
  ];
}

/** Commands by what was typed; what the server found matched already. */
function matching<T>(q: string, actions: T[]): T[] {
  const wanted = q.trim().toLowerCase();
  return actions.filter((action) => {
    const { id, label } = action as SpotlightActionData;
    return /^(conversation|article)-/.test(id) || (label ?? "").toLowerCase().includes(wanted);
  });
}
