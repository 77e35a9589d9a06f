import { ActionIcon, Menu, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { Check, Coffee, Filter, Search, SearchX, X } from "lucide-react";
import { useState } from "react";

import type { Pages } from "~/api/pages";
import { useInboxes, useQueues } from "~/api/settings";
import type { ConversationRow as Row } from "~/api/types";
import { Empty, Failed, Lines } from "~/parts/states";
import { VirtualList } from "~/parts/VirtualList";
import type { InboxSearch } from "~/router";

import classes from "./ConversationList.module.css";
import { ConversationRow, ROW_HEIGHT } from "./ConversationRow";

interface Props {
  query: Pages<Row>;
  rows: Row[];
  search: InboxSearch;
  selected: string | null;
  onOpen: (id: string) => void;
}

export function ConversationList(props: Props) {
  const { query, rows } = props;
  return (
    <div className={classes.list}>
      <Tools search={props.search} />
      {query.isPending ? (
        <Lines count={7} tall />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Nothing search={props.search} />
      ) : (
        <VirtualList
          key={JSON.stringify(props.search)}
          label="Conversations"
          query={query}
          rows={rows}
          rowHeight={ROW_HEIGHT}
          selected={props.selected}
        >
          {(row) => (
            <ConversationRow row={row} selected={row.id === props.selected} onOpen={props.onOpen} />
          )}
        </VirtualList>
      )}
    </div>
  );
}

function Tools({ search }: { search: InboxSearch }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? "");
  const find = useDebouncedCallback(
    (q: string) =>
      void navigate({ to: ".", search: { ...search, q: q.trim() || undefined }, replace: true }),
    250,
  );
  const type = (q: string) => {
    setTyped(q);
    find(q);
  };
  return (
    <div className={classes.tools}>
      <TextInput
        id="inbox-search"
        className={classes.search}
        aria-label="Search conversations"
        placeholder="Search"
        size="xs"
        leftSection={<Search size={15} aria-hidden />}
        rightSection={
          typed && (
            <ActionIcon size="sm" aria-label="Clear the search" onClick={() => type("")}>
              <X size={14} />
            </ActionIcon>
          )
        }
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <FilterMenu search={search} />
    </div>
  );
}

function FilterMenu({ search }: { search: InboxSearch }) {
  const navigate = useNavigate();
  const queues = useQueues();
  const inboxes = useInboxes();
  const active = Boolean(search.queue || search.inbox || search.order);
  const choose = (change: Partial<InboxSearch>) =>
    void navigate({ to: ".", search: { ...search, ...change }, replace: true });
  const tick = (on: boolean) => (on ? <Check size={14} aria-label="chosen" /> : undefined);

  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          size={30}
          variant={active ? "light" : "subtle"}
          color={active ? "thread" : "gray"}
          aria-label={active ? "Order and filters (active)" : "Order and filters"}
        >
          <Filter size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={380} className={classes.menu}>
        <Menu.Label>Order</Menu.Label>
        <Menu.Item rightSection={tick(!search.order)} onClick={() => choose({ order: undefined })}>
          Newest first
        </Menu.Item>
        <Menu.Item
          rightSection={tick(search.order === "waiting")}
          onClick={() => choose({ order: "waiting" })}
        >
          Longest wait first
        </Menu.Item>
        <Menu.Label>Inbox</Menu.Label>
        {inboxes.data?.map(({ id, name }) => (
          <Menu.Item
            key={id}
            rightSection={tick(search.inbox === id)}
            onClick={() => choose({ inbox: search.inbox === id ? undefined : id })}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>Queue</Menu.Label>
        {queues.data?.map(({ id, name }) => (
          <Menu.Item
            key={id}
            rightSection={tick(search.queue === id)}
            onClick={() => choose({ queue: search.queue === id ? undefined : id })}
          >
            {name}
          </Menu.Item>
        ))}
        {active && (
          <>
            <Menu.Divider />
            <Menu.Item
              onClick={() => choose({ inbox: undefined, queue: undefined, order: undefined })}
            >
              Clear order and filters
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Nothing({ search }: { search: InboxSearch }) {
  if (search.q || search.queue || search.inbox) {
    return (
      <Empty icon={SearchX} title="Nothing matches">
        No conversation here fits the search or filter.
      </Empty>
    );
  }
  if (search.order) {
    return (
      <Empty icon={Coffee} title="Nobody waits">
        Every customer here has an answer.
      </Empty>
    );
  }
  const { title, text } = NOTHING[search.box ?? "all"];
  return (
    <Empty icon={Coffee} title={title}>
      {text}
    </Empty>
  );
}

const NOTHING: Record<NonNullable<InboxSearch["box"]>, { title: string; text: string }> = {
  mine: {
    title: "All clear",
    text: "Nothing is assigned to you. Unassigned conversations may be waiting.",
  },
  unassigned: { title: "All clear", text: "Every hand-off has somebody who looks after it." },
  drafts: { title: "No drafts", text: "Answers that need your approval appear here." },
  assistant: { title: "All quiet", text: "The assistant has no open conversation." },
  all: { title: "All clear", text: "New conversations appear here by themselves." },
  snoozed: { title: "Nothing is asleep", text: "Snoozed conversations come back by themselves." },
  resolved: { title: "Nothing resolved yet", text: "What you resolve appears here." },
};
