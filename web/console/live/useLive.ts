import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { connect, type LogEntry } from "./connection";

/** Several entries often belong to one change; the lists are fetched once for all of them. */
const GATHER = 120;

/** Keeps what is on screen fresh while the console is open. False while the connection is lost. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    const stale = new Map<string, QueryKey>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;

    const refresh = () => {
      timer = undefined;
      stale.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
      stale.clear();
    };
    const disconnect = connect({
      onEntry: (entry) => {
        touchedBy(entry).forEach((key) => stale.set(JSON.stringify(key), key));
        timer ??= setTimeout(refresh, GATHER);
      },
      onReload: () => void client.invalidateQueries(),
      onState: (now) => {
        if (now && lost) void client.invalidateQueries();
        lost = !now;
        setConnected(now);
      },
    });
    return () => {
      clearTimeout(timer);
      disconnect();
    };
  }, [client]);

  return connected;
}

/** Which queries an entry of the log makes stale. */
export function touchedBy(entry: LogEntry): QueryKey[] {
  const noun = entry.name.split(".")[0];
  switch (noun) {
    case "conversation":
    case "message":
    case "draft":
      return [
        ["conversations"],
        ["customers"],
        ...(entry.conversation_id ? [["conversation", entry.conversation_id]] : []),
      ];
    case "customer":
    case "identity":
      return [["customers"], ["conversations"], ["conversation"], ["suggestions"]];
    case "suggestion":
      return [["suggestions"]];
    case "visitor":
      return [["customers", entry.data.customer]];
    case "article":
      return [["articles"], ["uploads"]];
    case "upload":
    case "ingestion":
      return [["uploads"], ["articles"]];
    case "inbox":
      return [["inboxes"]];
    case "teammate":
    case "queue":
      return [["teammates"], ["queues"]];
    case "settings":
      return [["company"], ["model"], ["me"]];
    case "webhook":
      return [["hooks"]];
    case "dead_letter":
      return [["dead-letters"]];
    default:
      return [];
  }
}
