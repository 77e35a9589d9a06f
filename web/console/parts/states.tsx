import { Button, Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import classes from "./states.module.css";

/** Nothing here yet, and what to do about it. */
export function Empty(props: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className={classes.state}>
      <span className={classes.icon}>
        <Icon size={22} aria-hidden />
      </span>
      <h2 className={classes.title}>{props.title}</h2>
      {props.children && <p className={classes.text}>{props.children}</p>}
      {props.action}
    </div>
  );
}

/** Loading failed; the person can try again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} data-bad>
        <CircleAlert size={22} aria-hidden />
      </span>
      <h2 className={classes.title}>This couldn't be loaded</h2>
      <p className={classes.text}>{error instanceof Error ? error.message : "Try again."}</p>
      <Button variant="default" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

export function ScreenError({ error, reset }: { error: unknown; reset?: () => void }) {
  return <Failed error={error} retry={reset ?? (() => window.location.reload())} />;
}

export function NotFound() {
  return (
    <Empty
      icon={CircleAlert}
      title="There is no such page"
      action={
        <Button component={Link} to="/inbox" variant="default">
          Go to the inbox
        </Button>
      }
    />
  );
}

/** Grey lines where text will be. */
export function Lines({ count = 3, tall = false }: { count?: number; tall?: boolean }) {
  return (
    <div className={classes.lines} aria-busy="true" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={tall ? 52 : 14} width={tall ? "100%" : WIDTHS[index % 4]} />
      ))}
    </div>
  );
}

const WIDTHS = ["92%", "78%", "85%", "60%"];
