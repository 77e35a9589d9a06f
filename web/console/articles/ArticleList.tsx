import { Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import type { useArticles } from "~/api/articles";
import type { ArticleRow } from "~/api/types";
import { Lines } from "~/parts/states";
import { Ago } from "~/parts/time";

import classes from "./ArticleList.module.css";
import { nameOf } from "./files";

interface Props {
  query: ReturnType<typeof useArticles>;
  rows: ArticleRow[];
}

export function ArticleList({ query, rows }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the list is not memoised
  const virtual = useVirtualizer({
    count: rows.length + (query.hasNextPage ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => 62,
    overscan: 8,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  useEffect(() => {
    if (last >= rows.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <div ref={scroller} className={classes.scroller}>
      <div role="list" aria-label="Articles" style={{ height: virtual.getTotalSize() }}>
        {visible.map((item) => {
          const row = rows[item.index];
          return (
            <div
              key={item.key}
              role="listitem"
              className={classes.slot}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row ? <Row row={row} /> : <Lines count={2} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ row }: { row: ArticleRow }) {
  return (
    <Link
      to="/articles/$articleId"
      params={{ articleId: row.id }}
      className={classes.row}
      data-archived={row.status === "archived" || undefined}
    >
      <span className={classes.names}>
        <span className={`${classes.title} truncate`} dir="auto">
          {row.title || "Untitled"}
        </span>
        <span className={`${classes.facts} truncate`}>
          {[
            row.kind === "faq" && "FAQ",
            row.file ? nameOf(row.file) : row.source,
            row.language,
            row.audience !== "public" && row.audience,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className={classes.status}>
        {row.status !== "published" && <Badge color="gray">{row.status}</Badge>}
        {row.status === "published" && !row.indexed && <Badge color="yellow">indexing</Badge>}
      </span>
      <span className={classes.number}>
        {row.passages} {row.passages === 1 ? "passage" : "passages"}
      </span>
      <span className={classes.number}>version {row.version}</span>
      <span className={classes.time}>
        <Ago at={row.updated_at} />
      </span>
    </Link>
  );
}
