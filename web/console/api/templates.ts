import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post, put } from "./client";
import type { Message, Template, TemplateUse } from "./types";

const keyOf = (inboxId: string) => ["templates", inboxId];

export function useTemplates(inboxId: string) {
  return useQuery({
    queryKey: keyOf(inboxId),
    queryFn: () => get<Template[]>(`/inboxes/${inboxId}/templates`),
  });
}

export function useSyncTemplates(inboxId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<Template[]>(`/inboxes/${inboxId}/templates/sync`, {}),
    onSuccess: (fresh) => client.setQueryData(keyOf(inboxId), fresh),
  });
}

export function useTemplateUse(template: Template) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (use: TemplateUse) => put<Template>(`/templates/${template.id}/use`, use),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(template.inbox_id) }),
  });
}

export function useSendTemplate(conversationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: {
      template_id: string;
      thread_id: string;
      values: Record<string, string>;
    }) => post<Message>(`/conversations/${conversationId}/template`, wanted),
    onSettled: () =>
      Promise.all(
        ["conversation", "conversations"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
  });
}
