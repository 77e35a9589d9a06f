import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { get, post, remove } from "./client";
import { usePages } from "./pages";
import type {
  Attachment,
  Box,
  Conversation,
  ConversationRow,
  Counts,
  Me,
  Message,
  Named,
  ListOrder,
  Queue,
  Run,
  Status,
  Teammate,
} from "./types";

export interface Filter {
  box: Box;
  status: Status | "all";
  order?: ListOrder;
  queue?: string;
  inbox?: string;
  q?: string;
}

export function useConversations(filter: Filter, enabled = true) {
  return usePages<ConversationRow>("conversations", filter, { enabled });
}

export function useCounts() {
  return useQuery({
    queryKey: ["conversations", "counts"],
    queryFn: () => get<Counts>("/conversations/counts"),
  });
}

const conversationKey = (id: string) => ["conversation", id];

export function useConversation(id: string) {
  return useQuery({
    queryKey: conversationKey(id),
    queryFn: () => get<Conversation>(`/conversations/${id}`),
  });
}

export function useCallCustomer(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      post<{ dial_after: string | null }>(`/conversations/${id}/call`, { reason }),
    onSettled: () => refresh(client, id),
  });
}

export function useCancelCall(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => remove(`/conversations/${id}/call`),
    onSettled: () => refresh(client, id),
  });
}

export function useTakeCall(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post(`/conversations/${id}/take-call`),
    onSettled: () => refresh(client, id),
  });
}

export interface Writing {
  text: string;
  thread_id?: string;
  attachments?: Attachment[];
  resolve?: boolean;
  draft_id?: string;
}

/** Send a reply; it stands in the conversation at once and is taken back if sending fails. */
export function useReply(id: string) {
  return useWriting(id, "out", ({ attachments, ...writing }) =>
    post<Message>(`/conversations/${id}/reply`, {
      ...writing,
      attachments: attachments?.map((attachment) => attachment.id),
    }),
  );
}

export function useNote(id: string) {
  return useWriting(id, "note", ({ text }) => post<Message>(`/conversations/${id}/note`, { text }));
}

function useWriting(
  id: string,
  direction: "out" | "note",
  mutationFn: (writing: Writing) => Promise<Message>,
) {
  const client = useQueryClient();
  const key = conversationKey(id);
  return useMutation({
    mutationFn,
    onMutate: async (writing: Writing) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Conversation>(key);
      if (before) client.setQueryData(key, withMessage(before, writing, direction, myName()));
      return { before };
    },
    onError: (_error, _writing, context) => client.setQueryData(key, context?.before),
    onSettled: () => refresh(client, id),
  });

  function myName(): string {
    return client.getQueryData<Me>(["me"])?.name ?? "";
  }
}

function withMessage(
  conversation: Conversation,
  writing: Writing,
  direction: "out" | "note",
  name: string,
): Conversation {
  const thread = conversation.threads.find(({ id }) => id === writing.thread_id);
  const message: Message = {
    id: `sending-${Date.now()}`,
    conversation_id: conversation.id,
    thread_id: writing.thread_id ?? null,
    direction,
    author: "teammate",
    author_id: null,
    author_name: name,
    at: new Date().toISOString(),
    text: writing.text,
    html: "",
    quoted: "",
    subject: "",
    kind: "message",
    choice: "",
    choices: [],
    utterances: [],
    sources: [],
    channel: thread?.inbox.kind ?? "",
    inbox_name: thread?.inbox.name ?? "",
    state: direction === "out" ? "pending" : null,
    error: "",
    draft: false,
    run_id: null,
    automatic: "",
    reactions: {},
    attachments: writing.attachments ?? [],
    edited_at: null,
    deleted_at: null,
    details: {},
  };
  const kept = conversation.messages.filter(({ id }) => id !== writing.draft_id);
  return { ...conversation, messages: [...kept, message] };
}

export type Action =
  | { verb: "take" }
  | { verb: "give-back" }
  | { verb: "resolve" }
  | { verb: "reopen" }
  | { verb: "snooze"; until: string }
  | { verb: "assign"; queue_id?: string | null; teammate_id?: string | null };

/** The things a teammate does with a whole conversation; it looks done at once. */
export function useAct(id: string) {
  const client = useQueryClient();
  const key = conversationKey(id);
  return useMutation({
    mutationFn: ({ verb, ...body }: Action) => post<unknown>(`/conversations/${id}/${verb}`, body),
    onMutate: async (action: Action) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Conversation>(key);
      if (before) client.setQueryData(key, { ...before, ...foreseen(client, before, action) });
      return { before };
    },
    onError: (_error, _action, context) => client.setQueryData(key, context?.before),
    onSettled: () => refresh(client, id),
  });
}

/** What the conversation will be like once the server has done it. */
function foreseen(
  client: QueryClient,
  before: Conversation,
  action: Action,
): Partial<Conversation> {
  const named = <T extends Named>(list: string, id: string | null | undefined) =>
    client.getQueryData<T[]>([list])?.find((one) => one.id === id) ?? null;
  switch (action.verb) {
    case "take":
      return { with_person: true, assignee: client.getQueryData<Me>(["me"]) ?? null };
    case "give-back":
      return { with_person: false, assignee: null };
    case "resolve":
      return { status: "resolved", with_person: false, assignee: null };
    case "reopen":
      return { status: "open" };
    case "snooze":
      return { status: "snoozed", snoozed_until: action.until };
    case "assign": {
      const { queue_id: queue = before.queue?.id, teammate_id: teammate = before.assignee?.id } =
        action;
      return {
        with_person: true,
        queue: named<Queue>("queues", queue) ?? before.queue,
        assignee: named<Teammate>("teammates", teammate),
      };
    }
  }
}

function refresh(client: QueryClient, id: string): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: conversationKey(id) }),
    client.invalidateQueries({ queryKey: ["conversations"] }),
  ]);
}

interface Moved {
  id: string;
  conversation_id: string;
}

export type MoveAction =
  { verb: "split"; message_id: string; following: boolean } | { verb: "merge"; into_id: string };

export function useMove(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ...body }: MoveAction) =>
      post<Moved>(`/conversations/${id}/${verb}`, body),
    onSettled: () => void refreshAll(client),
  });
}

export function useUndoMove(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (moveId: string) => post<Moved>(`/conversations/${id}/undo-move/${moveId}`, {}),
    onSettled: () => void refreshAll(client),
  });
}

/** A move touches two conversations and the customer's list of them. */
function refreshAll(client: QueryClient): Promise<unknown> {
  return Promise.all(
    ["conversation", "conversations", "customers"].map((key) =>
      client.invalidateQueries({ queryKey: [key] }),
    ),
  );
}

export function useRetry(conversationId: string) {
  return useMessageAct(conversationId, (id: string) => post<unknown>(`/messages/${id}/retry`, {}));
}

export function useArrived(conversationId: string) {
  return useMessageAct(conversationId, (id: string) =>
    post<unknown>(`/messages/${id}/arrived`, {}),
  );
}

export function useRejectDraft(conversationId: string) {
  return useMessageAct(conversationId, ({ id, reason }: { id: string; reason: string }) =>
    remove<unknown>(`/messages/${id}/draft`, { reason }),
  );
}

function useMessageAct<T>(conversationId: string, mutationFn: (value: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => refresh(client, conversationId),
  });
}

export function useRun(id: string | null) {
  return useQuery({
    queryKey: ["run", id],
    queryFn: () => get<Run>(`/runs/${id}`),
    enabled: id !== null,
    staleTime: Infinity,
  });
}

export const tellTyping = (id: string) =>
  post(`/conversations/${id}/typing`, {}).catch(() => undefined);
