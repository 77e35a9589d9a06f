import { Badge, Button } from "@mantine/core";

import { useReplayDelivery, useTestWebhook, useWebhookDeliveries } from "~/api/settings";
import type { Webhook, WebhookDelivery } from "~/api/types";
import { Failed, Lines } from "~/parts/states";
import { fullTime } from "~/parts/time";

import classes from "./Deliveries.module.css";

const COLOURS = { delivered: "thread", waiting: "yellow", failed: "red" } as const;

/** What was posted lately, what was answered, and the way to post it again. */
export function Deliveries({ hook }: { hook: Webhook }) {
  const deliveries = useWebhookDeliveries(hook.id);
  const test = useTestWebhook(hook.id);
  return (
    <section aria-label="Deliveries">
      <header className={classes.head}>
        <h3>Deliveries</h3>
        <Button
          size="xs"
          variant="default"
          disabled={!hook.enabled}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
      </header>
      {deliveries.isPending ? (
        <Lines count={3} />
      ) : deliveries.isError ? (
        <Failed error={deliveries.error} retry={() => void deliveries.refetch()} />
      ) : deliveries.data.length === 0 ? (
        <p className={classes.none}>Nothing has been posted yet.</p>
      ) : (
        <ul className={classes.list}>
          {deliveries.data.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} enabled={hook.enabled} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Delivery({ delivery, enabled }: { delivery: WebhookDelivery; enabled: boolean }) {
  const replay = useReplayDelivery();
  return (
    <li className={classes.delivery}>
      <div className={classes.facts}>
        <strong>{delivery.name}</strong>
        <small>{fullTime(delivery.created_at)}</small>
        <small>{result(delivery)}</small>
      </div>
      <Badge color={COLOURS[delivery.state]}>{delivery.state}</Badge>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={!enabled}
        loading={replay.isPending}
        onClick={() => replay.mutate(delivery.id)}
      >
        Post again
      </Button>
    </li>
  );
}

function result({ attempts, next_try_at }: WebhookDelivery): string {
  const last = attempts.at(-1);
  if (!last) return "Not tried yet.";
  const said = last.error || `Answered ${last.status} in ${last.milliseconds} ms.`;
  const tries = attempts.length > 1 ? ` ${attempts.length} tries.` : "";
  const next = next_try_at ? ` Next try ${fullTime(next_try_at)}.` : "";
  return said + tries + next;
}
