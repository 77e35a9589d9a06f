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
  NewWebhook,
  Queue,
  Teammate,
  Trial,
  TrialAddress,
  TrialPlan,
  Trouble,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookList,
  WebhookSecret,
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

/** What is wrong with inboxes; that a provider holds one back is told by no event. */
export const useTroubles = () =>
  useQuery({
    queryKey: ["inboxes", "troubles"],
    queryFn: () => get<Trouble[]>("/inboxes/troubles"),
    refetchInterval: 30_000,
  });

export const useChannels = () => useList<Channel>("channels");
export const useTeammates = () => useList<Teammate>("teammates");
export const useQueues = () => useList<Queue>("queues");
export const useDeadLetters = (inboxId: string) =>
  useQuery({
    queryKey: ["dead-letters", inboxId],
    queryFn: () => get<DeadLetter[]>(`/dead-letters?inbox_id=${encodeURIComponent(inboxId)}`),
    // They aren't in the log; one that is tried again may come back.
    refetchInterval: 5000,
  });

export const useAddInbox = () =>
  useChange((inbox: NewInbox) => post<Inbox>("/inboxes", inbox), "inboxes");

export const useChangeInbox = (id: string) =>
  useChange((change: InboxChange) => patch<Inbox>(`/inboxes/${id}`, change), "inboxes");

export const useCheckInbox = (id: string) =>
  useChange(() => post<Check[]>(`/inboxes/${id}/check`, {}), "inboxes");

export const useTrialPlan = (inboxId: string) =>
  useQuery({
    queryKey: ["inboxes", inboxId, "trial"],
    queryFn: () => get<TrialPlan>(`/inboxes/${inboxId}/trial`),
  });

export const useStartTrial = (inboxId: string) =>
  useChange((to: TrialAddress) => post<Trial>(`/inboxes/${inboxId}/trial`, to));

export const useTrialNews = (
  inboxId: string,
  started: Trial | undefined,
  again: number,
  patience: number,
) =>
  useQuery({
    queryKey: ["trial", inboxId, started?.start],
    queryFn: () => post<Trial>(`/inboxes/${inboxId}/trial/news`, started),
    enabled: started?.sent.ok ?? false,
    refetchInterval: ({ state: { data } }) =>
      data?.waiting === false || Date.now() - Date.parse(started?.start ?? "") > patience
        ? false
        : again,
  });

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

export const useReplayDeadLetters = () =>
  useChange(
    (inboxId: string) =>
      post<{ count: number }>(`/dead-letters/replay?inbox_id=${encodeURIComponent(inboxId)}`, {}),
    "dead-letters",
  );

export const useDeadLetterAct = () =>
  useChange(
    ({ id, verb }: { id: string; verb: "replay" | "delete" | "restore" }) =>
      verb === "delete"
        ? remove<unknown>(`/dead-letters/${id}`)
        : post<unknown>(`/dead-letters/${id}/${verb}`, {}),
    "dead-letters",
  );

const HOOKS = "hooks";
const webhookList = { queryKey: [HOOKS], queryFn: () => get<WebhookList>("/hooks") };

export const useWebhooks = () =>
  useQuery({
    ...webhookList,
    select: ({ hooks }): Webhook[] => hooks.map((one) => ({ ...one, name: one.note || one.url })),
    refetchInterval: 15_000,
  });

/** The names of events that a webhook may ask for. */
export const useWebhookKinds = () => useQuery({ ...webhookList, select: ({ kinds }) => kinds });

export const useAddWebhook = () =>
  useChange((hook: NewWebhook) => post<WebhookSecret>("/hooks", hook), HOOKS);

export const useChangeWebhook = (id: string) =>
  useChange((change: WebhookChange) => patch<unknown>(`/hooks/${id}`, change), HOOKS);

export const useRemoveWebhook = (id: string) =>
  useChange(() => remove<unknown>(`/hooks/${id}`), HOOKS);

export const useRotateWebhook = (id: string) =>
  useChange(() => post<WebhookSecret>(`/hooks/${id}/rotate`, {}), HOOKS);

export const useWebhookDeliveries = (id: string) =>
  useQuery({
    queryKey: ["hook-deliveries", id],
    queryFn: () => get<WebhookDelivery[]>(`/hooks/${id}/deliveries`),
    refetchInterval: 3000,
  });

export const useTestWebhook = (id: string) =>
  useChange(() => post<WebhookDelivery>(`/hooks/${id}/test`, {}), "hook-deliveries");

export const useReplayDelivery = () =>
  useChange(
    (id: string) => post<WebhookDelivery>(`/hooks/deliveries/${id}/replay`, {}),
    "hook-deliveries",
  );
