import { ActionIcon, Menu, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, Coffee, Filter, Search, SearchX, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { useConversations } from "~/api/conversations";
import { useInboxes, useQueues } from "~/api/settings";
import type { ConversationRow as Row } from "~/api/types";
import { Empty, Failed, Lines } from "~/parts/states";
import type { InboxSearch } from "~/router";

import classes from "./ConversationList.module.css";
import { ConversationRow, ROW_HEIGHT } from "./ConversationRow";

interface Props {
  query: ReturnType<typeof useConversations>;
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
        <Rows {...props} />
      )}
    </div>
  );
}

function Rows({ query, rows, selected, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the list is not memoised
  const virtual = useVirtualizer({
    count: rows.length + (query.hasNextPage ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const selectedIndex = rows.findIndex(({ id }) => id === selected);

  useEffect(() => {
    if (last >= rows.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: "auto" });
    // Only when the selection moves: a list that changes live must not jump.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  return (
    <div ref={scroller} className={classes.scroller}>
      <div role="list" aria-label="Conversations" style={{ height: virtual.getTotalSize() }}>
        {visible.map((item) => {
          const row = rows[item.index];
          return (
            <div
              key={item.key}
              role="listitem"
              className={classes.slot}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row ? (
                <ConversationRow row={row} selected={row.id === selected} onOpen={onOpen} />
              ) : (
                <Lines count={2} />
              )}
            </div>
          );
        })}
      </div>
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
  const active = Boolean(search.queue || search.inbox);
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
          aria-label={active ? "Filter (active)" : "Filter"}
        >
          <Filter size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={380} className={classes.menu}>
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
            <Menu.Item onClick={() => choose({ inbox: undefined, queue: undefined })}>
              Clear the filter
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
  return (
    <Empty icon={Coffee} title={search.box === "resolved" ? "Nothing resolved yet" : "All clear"}>
      {search.box === "mine"
        ? "Nothing is assigned to you. Unassigned conversations may be waiting."
        : "New conversations appear here by themselves."}
    </Empty>
  );
}
