import { keepPreviousData, useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";

import { get, query } from "./client";
import type { Page } from "./types";

interface Options<Row> {
  enabled?: boolean;
  /** Milliseconds until the list is asked for again, judged by the rows at hand; false: never. */
  again?: (rows: Row[]) => number | false;
}

/** A list that goes on page by page; its data are the rows so far. */
export function usePages<Row>(
  noun: "articles" | "conversations",
  filter: object,
  { enabled, again }: Options<Row> = {},
) {
  return useInfiniteQuery({
    queryKey: [noun, "list", filter],
    queryFn: ({ pageParam }) =>
      get<Page<Row>>(`/${noun}${query({ ...filter, cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: rowsOf<Row>,
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval: ({ state }) => (again && state.data ? again(rowsOf(state.data)) : false),
  });
}

const rowsOf = <Row>({ pages }: InfiniteData<Page<Row>>): Row[] =>
  pages.flatMap(({ items }) => items);

export type Pages<Row> = ReturnType<typeof usePages<Row>>;
