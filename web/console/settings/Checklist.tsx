import { Button } from "@mantine/core";
import { CircleCheck, CircleX } from "lucide-react";

import { useCheckInbox } from "~/api/settings";
import type { Inbox } from "~/api/types";
import { Failed, Lines } from "~/parts/states";

import classes from "./Checklist.module.css";

/** Tries the account for real and says what is wrong. */
export function Checklist({ inbox }: { inbox: Inbox }) {
  const check = useCheckInbox(inbox.id);
  return (
    <div>
      <p className={classes.text}>
        Tries the account for real: can we sign in, do messages arrive, may we send?
      </p>
      <Button loading={check.isPending} onClick={() => check.mutate(undefined)}>
        {check.data ? "Test again" : "Test now"}
      </Button>
      {check.isPending ? (
        <Lines count={4} />
      ) : check.isError ? (
        <Failed error={check.error} retry={() => check.mutate(undefined)} />
      ) : (
        check.data && (
          <ul className={classes.checks}>
            {check.data.map((one) => (
              <li key={one.name} data-ok={one.ok || undefined}>
                {one.ok ? (
                  <CircleCheck size={18} aria-label="passed" />
                ) : (
                  <CircleX size={18} aria-label="failed" />
                )}
                <span>
                  {one.name}
                  {one.message && <small>{one.message}</small>}
                </span>
              </li>
            ))}
          </ul>
        )
      )}
    </div>
  );
}
