import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post, put, query, remove } from "./client";
import { usePages } from "./pages";
import type { Article, ArticleRow, ArticleText, Asked, FaqFile, Upload } from "./types";

export interface ArticleFilter {
  q?: string;
  status?: string;
  source?: string;
  file?: string;
  /** "false": without the entries of FAQ files. */
  entries?: "false";
}

/** Indexing isn't in the log; while something waits for it, the list is asked for again. */
const INDEXING = 2000;
const isBeingIndexed = ({ status, indexed }: ArticleRow | Article) =>
  status === "published" && !indexed;

export function useArticles(filter: ArticleFilter, enabled = true) {
  return usePages<ArticleRow>("articles", filter, {
    enabled,
    again: (rows) => (rows.some(isBeingIndexed) ? INDEXING : false),
  });
}

export function useArticle(id: string) {
  return useQuery({
    queryKey: ["articles", id],
    queryFn: () => get<Article>(`/articles/${id}`),
    refetchInterval: ({ state }) => (state.data && isBeingIndexed(state.data) ? INDEXING : false),
  });
}

export function useFaqFiles() {
  return useQuery({
    queryKey: ["articles", "files"],
    queryFn: () => get<FaqFile[]>("/articles/files"),
  });
}

export function useDeleteEntries() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (file: string) => remove<{ ids: string[] }>(`/articles/files${query({ file })}`),
    onSuccess: refresh,
  });
}

export function useRestoreArticles() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (ids: string[]) => post<unknown>("/articles/restore", { ids }),
    onSuccess: refresh,
  });
}

export function useWriteArticle(id: string | null) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (text: ArticleText) =>
      id ? put<Article>(`/articles/${id}`, text) : post<Article>("/articles", text),
    onSuccess: refresh,
  });
}

export function useArticleAct() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: "archive" | "restore" | "delete" }) =>
      verb === "delete"
        ? remove<unknown>(`/articles/${id}`)
        : post<unknown>(`/articles/${id}/${verb}`, {}),
    onSuccess: refresh,
  });
}

export function useRestoreVersion(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (number: number) => post<unknown>(`/articles/${id}/versions/${number}/restore`, {}),
    onSuccess: refresh,
  });
}

export function useUploads() {
  return useQuery({
    queryKey: ["uploads"],
    queryFn: () => get<Upload[]>("/uploads"),
    // Progress inside one file isn't in the log, so it is asked for while something runs.
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? 1000 : false),
  });
}

const isUnderWay = ({ state }: Upload) => state !== "done" && state !== "failed";

export function useUploadAct() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: "retry" | "remove" }) =>
      verb === "retry" ? post<unknown>(`/uploads/${id}/retry`, {}) : remove(`/uploads/${id}`),
    onSuccess: refresh,
  });
}

export function useAsk() {
  return useMutation({ mutationFn: (question: string) => post<Asked>("/ask", { question }) });
}

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["articles"] }),
      client.invalidateQueries({ queryKey: ["uploads"] }),
    ]);
}
