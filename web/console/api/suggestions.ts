import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post } from "./client";
import type { Suggestion } from "./types";

export function useSuggestions() {
  return useQuery({
    queryKey: ["suggestions", "list"],
    queryFn: () => get<Suggestion[]>("/suggestions"),
  });
}

export function useSuggestionCount() {
  return useQuery({
    queryKey: ["suggestions", "count"],
    queryFn: () => get<{ open: number }>("/suggestions/count"),
  });
}

export type Judgement =
  { verb: "merge"; id: string; into_id: string } | { verb: "dismiss" | "reopen"; id: string };

export function useJudge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb, ...body }: Judgement) =>
      post<Suggestion>(`/suggestions/${id}/${verb}`, body),
    onSuccess: () =>
      Promise.all(
        ["suggestions", "customers", "conversations", "conversation"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
