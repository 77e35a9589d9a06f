import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";

import type { Pages } from "~/api/pages";

import { Lines } from "./states";
import classes from "./VirtualList.module.css";

interface Props<Row> {
  label: string;
  query: Pages<Row>;
  rows: Row[];
  rowHeight: number;
  /** The id of the row to keep in sight. */
  selected?: string | null;
  children: (row: Row) => ReactNode;
}

/** A long list of rows of one height: only those in sight are drawn, more are fetched in time. */
export function VirtualList<Row extends { id: string }>(props: Props<Row>) {
  const { query, rows, rowHeight, selected } = props;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const scroller = useRef<HTMLDivElement>(null);
  const count = rows.length + (hasNextPage ? 1 : 0);
  // eslint-disable-next-line react-hooks/incompatible-library -- the list is not memoised
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.id ?? "more",
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const selectedIndex = rows.findIndex(({ id }) => id === selected);
  useSteady(scroller, rows, rowHeight);

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
      <div role="list" aria-label={props.label} style={{ height: virtual.getTotalSize() }}>
        {visible.map((item) => {
          const row = rows[item.index];
          return (
            <div
              key={item.key}
              role="listitem"
              className={classes.slot}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row ? props.children(row) : <Lines count={2} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Rows that come or go above leave what is being read where it is. */
function useSteady(
  scroller: RefObject<HTMLDivElement | null>,
  rows: { id: string }[],
  rowHeight: number,
): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const box = scroller.current;
    const old = before.current;
    before.current = rows;
    if (!box || box.scrollTop === 0 || old === rows) return;
    const first = Math.floor(box.scrollTop / rowHeight);
    const inSight = old.slice(first, first + Math.ceil(box.clientHeight / rowHeight));
    const places = new Map(rows.map(({ id }, index) => [id, index]));
    const shifts = inSight
      .flatMap(({ id }, index) => {
        const place = places.get(id);
        return place === undefined ? [] : place - (first + index);
      })
      .sort((a, b) => a - b);
    // A row in sight may itself have moved to the top; most have only made room.
    box.scrollBy(0, (shifts[Math.floor(shifts.length / 2)] ?? 0) * rowHeight);
  }, [scroller, rows, rowHeight]);
}
