import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { StickyNote } from "lucide-react";

import { useHistory } from "~/api/customers";
import type { Customer, Said } from "~/api/types";
import { ChannelIcon } from "~/parts/ChannelIcon";
import { Failed, Lines } from "~/parts/states";
import { clockTime, dayOf } from "~/parts/time";

import classes from "./History.module.css";
import { Section } from "./PanelSection";

/** All that was said with this customer on every channel, the newest first. */
export function History({ customer, current }: { customer: Customer; current: string }) {
  const history = useHistory(customer.id);
  if (history.isPending) return <Lines count={4} />;
  if (history.isError) {
    return <Failed error={history.error} retry={() => void history.refetch()} />;
  }
  const said = history.data;
  return (
    <Section title="All channels">
      <ol className={classes.history} aria-label="History over all channels">
        {said.map((one, index) => (
          <li key={one.id}>
            {dayOf(one.at) !== dayOf(said[index - 1]?.at ?? "") && (
              <p className={classes.day}>{dayOf(one.at)}</p>
            )}
            <Line said={one} here={one.conversation_id === current} />
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </Section>
  );
}

function Line({ said, here }: { said: Said; here: boolean }) {
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: said.conversation_id }}
      search={true}
      className={classes.line}
      data-here={here || undefined}
      data-author={said.author}
      title={said.inbox_name ?? undefined}
    >
      {said.channel ? (
        <ChannelIcon kind={said.channel} size={13} />
      ) : (
        <StickyNote size={13} aria-label="Note" />
      )}
      <span className={classes.words} dir="auto">
        {said.author !== "customer" && <strong>{nameOf(said)}: </strong>}
        {wordsOf(said)}
      </span>
      <time dateTime={said.at}>{clockTime(said.at)}</time>
    </Link>
  );
}

function nameOf({ author, author_name: name }: Said): string {
  if (author === "system") return "OneThread";
  return name || (author === "assistant" ? "Assistant" : "Team");
}

function wordsOf({ kind, text, files }: Said): string {
  if (kind === "call") return text ? `Call: ${text}` : "Call";
  if (text) return text;
  if (files > 0) return files === 1 ? "A file" : `${files} files`;
  return `Something else (${kind})`;
}
