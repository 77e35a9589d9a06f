import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ApiError, get, patch, post } from "./client";
import type { Me } from "./types";

export const meQuery = {
  queryKey: ["me"],
  queryFn: () =>
    get<Me>("/me").catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
  staleTime: 5 * 60_000,
};

/** Who is signed in. Screens behind the sign-in are shown only once there is somebody. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("Nobody is signed in.");
  return data;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (who: { email: string; password: string }) => post<Me>("/sign-in", who),
    onSuccess: (me) => client.setQueryData(["me"], me),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<undefined>("/sign-out"),
    onSuccess: () => {
      client.clear();
      client.setQueryData(["me"], null);
    },
  });
}

export interface MeChange {
  available?: boolean;
  name?: string;
  password?: { old: string; new: string };
}

export function useChangeMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MeChange) => patch<Me>("/me", change),
    onSuccess: (me) => client.setQueryData(["me"], me),
  });
}
