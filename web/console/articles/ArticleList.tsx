import { Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Pages } from "~/api/pages";
import type { ArticleRow } from "~/api/types";
import { Ago } from "~/parts/time";
import { VirtualList } from "~/parts/VirtualList";

import classes from "./ArticleList.module.css";
import { nameOf } from "./files";

export function ArticleList(props: { query: Pages<ArticleRow>; rows: ArticleRow[] }) {
  return (
    <VirtualList label="Articles" rowHeight={62} {...props}>
      {(row) => <Row row={row} />}
    </VirtualList>
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
