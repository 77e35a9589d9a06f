import { Button, Group, Loader, Select, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";

import { useStartTrial, useTrialNews, useTrialPlan } from "~/api/settings";
import type { Inbox, Trial, TrialAddress, TrialPlan } from "~/api/types";

import { CheckLine } from "./CheckLine";
import classes from "./Checklist.module.css";

const AGAIN = 1000;
const PATIENCE = 60_000;

/** The end of the checklist: a message to an address of one's own, and what becomes of it. */
export function SendToMyself({ inbox }: { inbox: Inbox }) {
  const plan = useTrialPlan(inbox.id);
  if (!plan.data) return null;
  if (!plan.data.kind) {
    return <p className={classes.byHand}>{BY_HAND[inbox.kind] ?? BY_HAND.voice}</p>;
  }
  return <Form inbox={inbox} plan={plan.data} />;
}

function Form({ inbox, plan }: { inbox: Inbox; plan: TrialPlan }) {
  const [value, setValue] = useState(plan.own?.value ?? "");
  const start = useStartTrial(inbox.id);
  const { trial, gaveUp } = useNews(inbox.id, start.data);
  const { own, recent } = plan;
  const known = own && !recent.some((one) => one.value === own.value) ? [own, ...recent] : recent;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const to = known.find((one) => one.value === value.trim());
    start.mutate(to ?? { kind: plan.kind, value: value.trim(), name: "" });
  };
  return (
    <form onSubmit={submit} className={classes.trial}>
      {plan.kind in ASKED ? (
        <TextInput
          label="Send to myself"
          description={ASKED[plan.kind]}
          placeholder={EXAMPLES[plan.kind]}
          required
          dir="ltr"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      ) : (
        <Select
          label="Send to myself"
          description="Write to this inbox from your own account first; then choose yourself here."
          placeholder={known.length > 0 ? "Choose yourself" : "Nobody has written yet"}
          required
          data={known.map((one) => ({ value: one.value, label: nameOf(one) }))}
          value={value || null}
          onChange={(chosen) => setValue(chosen ?? "")}
        />
      )}
      <Group mt="xs">
        <Button type="submit" variant="default" loading={start.isPending}>
          {start.data ? "Send another" : "Send a test"}
        </Button>
      </Group>
      {trial && (
        <ul className={classes.checks} aria-live="polite">
          <CheckLine {...trial.sent} />
          {trial.heard && <CheckLine {...trial.heard} />}
          {trial.sent.ok && trial.waiting && !gaveUp && (
            <li className={classes.waiting}>
              <Loader size={16} aria-hidden />
              <span>
                {trial.heard ? "Waiting for more" : "Waiting for news of it"}
                <small>Look whether it arrives, and answer it.</small>
              </span>
            </li>
          )}
          {gaveUp && !trial.heard && <CheckLine {...SILENCE} ok={false} />}
        </ul>
      )}
    </form>
  );
}

/** Asks for news of a test until nothing better can come, or for a minute. */
function useNews(inboxId: string, started: Trial | undefined) {
  const news = useTrialNews(inboxId, started, AGAIN, PATIENCE);
  const lasted = started ? news.dataUpdatedAt - Date.parse(started.start) : 0;
  return { trial: news.data ?? started, gaveUp: lasted > PATIENCE };
}

const EXAMPLES: Record<string, string> = {
  phone: "+49 151 23456789",
  email: "you@example.com",
};

const ASKED: Record<string, string> = {
  phone: "Your own phone number, with its country.",
  email: "Your own email address. This inbox's own address shows that mail comes back, too.",
};

const nameOf = ({ name, value }: TrialAddress) => (name ? `${name} (${value})` : value);

const BY_HAND: Record<string, string> = {
  web: "To try the chat, open the page it is on and write something: it must appear in the inbox.",
  api: "To try it, let your software post a message, and answer it from the inbox.",
  voice: "To try the phone, call the number yourself: the call must appear in the inbox.",
};

const SILENCE = {
  name: "Hear back",
  message:
    "Nothing came back within a minute. Not every channel reports what became of a message: look whether it arrived, and answer it. If no answer comes either, check the webhook address at the provider.",
};
