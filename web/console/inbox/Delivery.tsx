import { UnstyledButton } from "@mantine/core";
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock } from "lucide-react";
import type { ReactNode } from "react";

import { useArrived, useRetry } from "~/api/conversations";
import type { Message } from "~/api/types";

import classes from "./Delivery.module.css";

/** How far an outgoing message got; what failed or is unknown stands in words, for a person. */
export function Delivery({
  message,
  conversationId,
}: {
  message: Message;
  conversationId: string;
}) {
  const retry = useRetry(conversationId);
  const again = (
    <UnstyledButton
      className={classes.retry}
      disabled={retry.isPending}
      onClick={() => retry.mutate(message.id)}
    >
      {message.state === "unknown" ? "Send again anyway" : "Try again"}
    </UnstyledButton>
  );
  const arrived = useArrived(conversationId);
  switch (message.state) {
    case "pending":
      if (message.error) {
        return (
          <span className={classes.unsure}>
            <Clock size={13} aria-hidden /> Waits, and goes out by itself: {message.error}
          </span>
        );
      }
      return <Tick icon={<Clock size={13} aria-hidden />} word="Sending" />;
    case "sending":
      return <Tick icon={<Clock size={13} aria-hidden />} word="Sending" />;
    case "sent":
      return <Tick icon={<Check size={14} aria-hidden />} word="Sent" />;
    case "delivered":
      return <Tick icon={<CheckCheck size={14} aria-hidden />} word="Delivered" />;
    case "read":
      return <Tick icon={<CheckCheck size={14} aria-hidden />} word="Read" read />;
    case "failed":
      return (
        <span className={classes.bad}>
          <CircleAlert size={13} aria-hidden /> Not sent{message.error && `: ${message.error}`}{" "}
          {again}
        </span>
      );
    case "unknown":
      return (
        <span className={classes.unsure}>
          <CircleHelp size={13} aria-hidden /> Nobody knows whether this arrived
          {message.error && ` (${message.error})`}. Sending it again may show it twice. {again}{" "}
          <UnstyledButton
            className={classes.retry}
            disabled={arrived.isPending}
            onClick={() => arrived.mutate(message.id)}
          >
            It arrived
          </UnstyledButton>
        </span>
      );
    default:
      return null;
  }
}

function Tick({ icon, word, read }: { icon: ReactNode; word: string; read?: boolean }) {
  return (
    <span className={classes.tick} data-read={read || undefined}>
      {icon} {word}
    </span>
  );
}
