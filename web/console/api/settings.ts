import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, put, remove } from "./client";
import type {
  Channel,
  Check,
  Company,
  DeadLetter,
  Inbox,
  InboxChange,
  ModelChange,
  ModelCheck,
  ModelSettings,
  NewInbox,
  Queue,
  Teammate,
} from "./types";

function useList<T>(key: string) {
  return useQuery({ queryKey: [key], queryFn: () => get<T[]>(`/${key}`) });
}

/** Run a change, then fetch the named lists again. */
function useChange<V, R>(mutationFn: (value: V) => Promise<R>, ...keys: string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useInboxes = () => useList<Inbox>("inboxes");
export const useChannels = () => useList<Channel>("channels");
export const useTeammates = () => useList<Teammate>("teammates");
export const useQueues = () => useList<Queue>("queues");
export const useDeadLetters = () =>
  useQuery({
    queryKey: ["dead-letters"],
    queryFn: () => get<DeadLetter[]>("/dead-letters"),
    // They aren't in the log; one that is tried again may come back.
    refetchInterval: 5000,
  });

export const useAddInbox = () =>
  useChange((inbox: NewInbox) => post<Inbox>("/inboxes", inbox), "inboxes");

export const useChangeInbox = (id: string) =>
  useChange((change: InboxChange) => patch<Inbox>(`/inboxes/${id}`, change), "inboxes");

export const useCheckInbox = (id: string) =>
  useChange(() => post<Check[]>(`/inboxes/${id}/check`, {}), "inboxes");

export type TeammateChange = Partial<Omit<Teammate, "id">> & { password?: string };

export const useSaveTeammate = () =>
  useChange(
    ({ id, ...change }: TeammateChange & { id?: string }) =>
      id ? patch<Teammate>(`/teammates/${id}`, change) : post<Teammate>("/teammates", change),
    "teammates",
  );

export type QueueChange = Partial<Omit<Queue, "id">>;

export const useSaveQueue = () =>
  useChange(
    ({ id, ...change }: QueueChange & { id?: string }) =>
      id ? patch<Queue>(`/queues/${id}`, change) : post<Queue>("/queues", change),
    "queues",
  );

export const useDeleteQueue = () =>
  useChange((id: string) => remove<unknown>(`/queues/${id}`), "queues");

export const useCompany = () =>
  useQuery({ queryKey: ["company"], queryFn: () => get<Company>("/settings/company") });

export const useSaveCompany = () =>
  useChange((company: Company) => put<Company>("/settings/company", company), "company", "me");

export const useModel = () =>
  useQuery({ queryKey: ["model"], queryFn: () => get<ModelSettings>("/settings/model") });

export const useSaveModel = () =>
  useChange((model: ModelChange) => put<ModelSettings>("/settings/model", model), "model");

export const useTestModel = () =>
  useChange((model: ModelChange) => post<ModelCheck>("/settings/model/test", model));

export const useDeadLetterAct = () =>
  useChange(
    ({ id, verb }: { id: string; verb: "replay" | "delete" | "restore" }) =>
      verb === "delete"
        ? remove<unknown>(`/dead-letters/${id}`)
        : post<unknown>(`/dead-letters/${id}/${verb}`, {}),
    "dead-letters",
  );
