import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

import { get, post, query, remove } from "./client";
import type {
  Attachment,
  Box,
  Conversation,
  ConversationRow,
  Counts,
  Me,
  Message,
  Page,
  Run,
  Status,
} from "./types";

export interface Filter {
  box: Box;
  status: Status | "all";
  queue?: string;
  inbox?: string;
  q?: string;
}

export function useConversations(filter: Filter, enabled = true) {
  return useInfiniteQuery({
    queryKey: ["conversations", "list", filter],
    queryFn: ({ pageParam }) =>
      get<Page<ConversationRow>>(
        `/conversations${query({ ...filter, q: filter.q || undefined, cursor: pageParam })}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled,
  });
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
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: key }),
        client.invalidateQueries({ queryKey: ["conversations"] }),
      ]),
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

/** The things a teammate does with a whole conversation. */
export function useAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ...body }: Action) => post<unknown>(`/conversations/${id}/${verb}`, body),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: conversationKey(id) }),
        client.invalidateQueries({ queryKey: ["conversations"] }),
      ]),
  });
}

export function useRetry(conversationId: string) {
  return useMessageAct(conversationId, (id: string) => post<unknown>(`/messages/${id}/retry`, {}));
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
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: conversationKey(conversationId) }),
        client.invalidateQueries({ queryKey: ["conversations"] }),
      ]),
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
