import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post } from "./client";
import type { Suggestion } from "./types";

const LIST = ["suggestions", "list"];

export function useSuggestions() {
  return useQuery({
    queryKey: LIST,
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

/** A judged pair leaves the list with the answer itself, so that undo waits for no other list. */
export function useJudge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb, ...body }: Judgement) =>
      post<Suggestion>(`/suggestions/${id}/${verb}`, body),
    onSuccess: (_judged, { id, verb }) => {
      if (verb !== "reopen") {
        client.setQueryData<Suggestion[]>(LIST, (pairs) => pairs?.filter((pair) => pair.id !== id));
      }
      for (const key of ["suggestions", "customers", "conversations", "conversation"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    },
  });
}
