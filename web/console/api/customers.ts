import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, query } from "./client";
import type { Customer, CustomerRow, FirstWords, Message, Page, Said, Ways } from "./types";

export function useCustomer(id: string) {
  return useQuery({
    queryKey: ["customers", id],
    queryFn: () => get<Customer>(`/customers/${id}`),
  });
}

export function useCustomerSearch(q: string) {
  return useQuery({
    queryKey: ["customers", "search", q],
    queryFn: () => get<Page<CustomerRow>>(`/customers${query({ q, limit: 20 })}`),
    enabled: q.trim().length > 1,
  });
}

interface IdentityMove {
  identityId: string;
  to_id: string | null;
  why: string;
}

/** What was said with a customer over all channels, the newest first, page by page. */
export function useHistory(id: string) {
  return useInfiniteQuery({
    queryKey: ["customers", id, "history"],
    queryFn: ({ pageParam }) =>
      get<Page<Said>>(`/customers/${id}/history${query({ cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["customers", "conversations", "conversation"].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

export function useChangeCustomer(id: string) {
  return useMutation({
    mutationFn: (change: { name: string; language: string; city: string }) =>
      patch<Customer>(`/customers/${id}`, change),
    onSuccess: useRefresh(),
  });
}

export function useMerge(id: string) {
  return useMutation({
    mutationFn: (merge: { other_id: string; why: string }) =>
      post<Customer>(`/customers/${id}/merge`, merge),
    onSuccess: useRefresh(),
  });
}

export function useUndoMerge() {
  return useMutation({
    mutationFn: (mergeId: string) => post<unknown>(`/merges/${mergeId}/undo`, {}),
    onSuccess: useRefresh(),
  });
}

/** Take an address out of its customer, with all that was said from it; null: to a new one. */
export function useMoveIdentity() {
  return useMutation({
    mutationFn: ({ identityId, ...move }: IdentityMove) =>
      post<{ move_id: string }>(`/identities/${identityId}/move`, move),
    onSuccess: useRefresh(),
  });
}

export function useUndoMove() {
  return useMutation({
    mutationFn: (moveId: string) => post<unknown>(`/identity-moves/${moveId}/undo`, {}),
    onSuccess: useRefresh(),
  });
}

/** Ask the customer for a code that goes to an address of theirs on record. */
export function useAskForCode(conversationId: string) {
  return useMutation({
    mutationFn: () => post<unknown>(`/conversations/${conversationId}/code`, {}),
    onSuccess: useRefresh(),
  });
}

/** The ways to write to a customer; those of one conversation know their threads in it. */
export function useWays(customerId: string, conversationId: string) {
  return useQuery({
    queryKey: ["customers", customerId, "ways", conversationId],
    queryFn: () =>
      get<Ways>(`/customers/${customerId}/ways${query({ conversation_id: conversationId })}`),
  });
}

export function useWriteFirst(customerId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (letter: Partial<FirstWords>) =>
      post<Message>(`/customers/${customerId}/messages`, letter),
    onSuccess: () =>
      Promise.all(
        ["conversation", "conversations", "customers"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
