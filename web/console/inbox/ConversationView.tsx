import { Drawer } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { GitMerge } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { useConversation } from "~/api/conversations";
import type { Conversation, Message } from "~/api/types";
import { Empty, Failed, Lines } from "~/parts/states";
import { useCommands } from "~/shell/commands";
import { useKeys } from "~/shell/keys";
import { TraceDrawer } from "~/trace/TraceDrawer";

import { AssignDialog } from "./AssignDialog";
import { CallDialog } from "./CallDialog";
import { Composer, type ComposerHandle } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import classes from "./ConversationView.module.css";
import { CustomerPanel } from "./CustomerPanel";
import { APPROVE } from "./DraftActions";
import { HandOffCard } from "./HandOffCard";
import { MergeDialog } from "./MergeDialog";
import { MovesStrip } from "./MovesStrip";
import { useMoving } from "./moving";
import { Timeline } from "./Timeline";
import { snoozes, useVerbs } from "./verbs";
import { WriteDialog } from "./WriteDialog";

export function ConversationView({ id, onClose }: { id: string; onClose: () => void }) {
  const conversation = useConversation(id);
  useSeen(conversation.data);

  if (conversation.isPending) {
    return (
      <section className={classes.view} aria-label="Conversation">
        <Lines count={8} />
      </section>
    );
  }
  if (conversation.isError) {
    return (
      <section className={classes.view} aria-label="Conversation">
        <Failed error={conversation.error} retry={() => void conversation.refetch()} />
      </section>
    );
  }
  return <Open conversation={conversation.data} onClose={onClose} />;
}

function Open({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const composer = useRef<ComposerHandle>(null);
  const verbs = useVerbs(conversation);
  const panel = usePanel();
  const [calling, setCalling] = useState(false);
  const [elsewhere, setElsewhere] = useState(false);
  const [assigning, setAssigning] = useState(false);
  const moving = useMoving(conversation);
  const [merging, setMerging] = useState(false);
  const merge = () => setMerging(true);
  const [run, setRun] = useState<string | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const assign = () => setAssigning(true);
  const resolved = conversation.status === "resolved";
  const merged =
    conversation.messages.length === 0 &&
    conversation.moves.some(({ kind, left }) => kind === "merge" && left);

  useKeys({
    r: () => composer.current?.focus("reply"),
    n: () => composer.current?.focus("note"),
    d: () => document.querySelector<HTMLElement>(`[${APPROVE}]`)?.focus(),
    t: () => !resolved && verbs.takeOrGiveBack(),
    e: verbs.resolveOrReopen,
    a: assign,
    s: moving.splitLast,
    m: merge,
    c: panel.toggle,
  });
  useCommands([
    {
      name: resolved ? "Reopen this conversation" : "Resolve this conversation",
      run: verbs.resolveOrReopen,
    },
    { name: "Assign this conversation", run: assign },
    { name: "Split off from the customer's last message on", run: moving.splitLast },
    { name: "Merge this conversation into another", run: merge },
    { name: "Call the customer", run: () => setCalling(true) },
    { name: "Write on another channel or address", run: () => setElsewhere(true) },
    ...snoozes().map(({ label, until }) => ({
      name: `Snooze this conversation: ${label}`,
      run: () => verbs.snooze(until),
    })),
    { name: "Show or hide the customer panel", run: panel.toggle },
  ]);

  const edit = (draft: Message) => {
    setEditing(draft);
    composer.current?.edit(draft.text);
  };

  return (
    <div className={classes.whole} data-panel={panel.docked || undefined}>
      <section
        className={classes.view}
        aria-label={`Conversation with ${conversation.customer.name}`}
      >
        <ConversationHeader
          conversation={conversation}
          verbs={verbs}
          onAssign={assign}
          onMerge={merge}
          onCall={() => setCalling(true)}
          onPanel={panel.toggle}
          panelOpen={panel.docked || panel.over}
          onClose={onClose}
        />
        {conversation.hand_off && conversation.status !== "resolved" && (
          <HandOffCard
            conversationId={conversation.id}
            handOff={conversation.hand_off}
            messages={conversation.messages}
          />
        )}
        <MovesStrip moves={conversation.moves} onUndo={({ id }) => moving.takeBack(id)} />
        {merged ? (
          <Empty icon={GitMerge} title="Merged into another conversation">
            Everything that was said here stands there now.
          </Empty>
        ) : (
          <>
            <Timeline
              conversation={conversation}
              onWhy={setRun}
              onEdit={edit}
              onSplit={moving.splitFrom}
            />
            <Composer
              ref={composer}
              conversation={conversation}
              editing={editing}
              onEdited={() => setEditing(null)}
              onCall={() => setCalling(true)}
              onElsewhere={() => setElsewhere(true)}
            />
          </>
        )}
      </section>
      <CallDialog
        open={calling}
        conversationId={conversation.id}
        onClose={() => setCalling(false)}
      />
      <WriteDialog
        open={elsewhere}
        customer={conversation.customer}
        conversationId={conversation.id}
        onClose={() => setElsewhere(false)}
      />
      {panel.docked && (
        <aside className={classes.panel} aria-label="Customer">
          <CustomerPanel id={conversation.customer.id} current={conversation.id} />
        </aside>
      )}
      <Drawer
        opened={panel.over}
        onClose={panel.toggle}
        position="right"
        size="23rem"
        title="Customer"
        padding={0}
        classNames={{ header: classes.drawerHeader }}
      >
        <CustomerPanel id={conversation.customer.id} current={conversation.id} />
      </Drawer>
      <AssignDialog
        open={assigning}
        conversation={conversation}
        onClose={() => setAssigning(false)}
        onAssign={verbs.assign}
      />
      <MergeDialog
        open={merging}
        conversation={conversation}
        onClose={() => setMerging(false)}
        onMerge={moving.mergeInto}
      />
      <TraceDrawer run={run} onClose={() => setRun(null)} />
    </div>
  );
}

/** Beside the conversation where there is room, as this browser remembers it; else over it. */
function usePanel() {
  const room = useMediaQuery("(min-width: 74em)", false, { getInitialValueInEffect: false });
  const plenty = useMediaQuery("(min-width: 100em)", false, { getInitialValueInEffect: false });
  const [wish, setWish] = useLocalStorage<boolean | null>({
    key: "onethread-customer-panel",
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const [over, setOver] = useState(false);
  const docked = room && (wish ?? plenty);
  return {
    docked,
    over: over && !room,
    toggle: () => (room ? setWish(!docked) : setOver(!over)),
  };
}

/** The server marks it as read when it is opened; the lists should show that too. */
function useSeen(conversation: Conversation | undefined): void {
  const client = useQueryClient();
  const unread = conversation?.unread;
  const lastAt = conversation?.last_at;
  useEffect(() => {
    if (unread) void client.invalidateQueries({ queryKey: ["conversations"] });
  }, [client, unread, lastAt]);
}
