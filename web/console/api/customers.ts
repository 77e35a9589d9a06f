import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, query } from "./client";
import type { Customer, CustomerRow, Page } from "./types";

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
