import { MutationCache, QueryClient } from "@tanstack/react-query";

import { ApiError, SIGNED_OUT } from "./api/client";
import { sayProblem } from "./parts/notices";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The screen shows this failure itself, beside what caused it. */
      shownInPlace?: boolean;
    };
  }
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.shownInPlace) sayProblem(error);
    },
  }),
});

window.addEventListener(SIGNED_OUT, () => queryClient.setQueryData(["me"], null));
