import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post, put } from "./client";
import type { Consents, NewConsent } from "./types";

const keyOf = (customerId: string) => ["customers", customerId, "consents"];

export function useConsents(customerId: string) {
  return useQuery({
    queryKey: keyOf(customerId),
    queryFn: () => get<Consents>(`/customers/${customerId}/consents`),
  });
}

function useConsentChange<V>(customerId: string, mutationFn: (value: V) => Promise<Consents>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (fresh) => {
      client.setQueryData(keyOf(customerId), fresh);
      return client.invalidateQueries({ queryKey: ["conversation"] });
    },
  });
}

export const useRecordConsent = (customerId: string) =>
  useConsentChange(customerId, (word: NewConsent) =>
    post<Consents>(`/customers/${customerId}/consents`, word),
  );

export const useSetPreferred = (customerId: string) =>
  useConsentChange(customerId, (channel: string) =>
    put<Consents>(`/customers/${customerId}/preferred`, { channel }),
  );
