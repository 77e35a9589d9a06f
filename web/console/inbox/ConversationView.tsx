import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useAct, useConversation } from "~/api/conversations";
import type { Conversation, Message } from "~/api/types";
import { sayUndoable } from "~/parts/notices";
import { Failed, Lines } from "~/parts/states";
import { useKeys } from "~/shell/keys";
import { TraceDrawer } from "~/trace/TraceDrawer";

import { AssignDialog } from "./AssignDialog";
import { Composer, type ComposerHandle } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import classes from "./ConversationView.module.css";
import { CustomerPanel } from "./CustomerPanel";
import { HandOffCard } from "./HandOffCard";
import { Timeline } from "./Timeline";

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
  const roomy = useMediaQuery("(min-width: 100em)", false, { getInitialValueInEffect: false });
  const [panelWish, setPanelWish] = useState<boolean | null>(null);
  const [assigning, setAssigning] = useState(false);
  const [run, setRun] = useState<string | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const act = useAct(conversation.id);
  const panelOpen = panelWish ?? roomy;

  const verbs = {
    takeOrGiveBack: () =>
      act.mutate({
        verb: conversation.with_person && conversation.assignee ? "give-back" : "take",
      }),
    giveBack: () => act.mutate({ verb: "give-back" }),
    resolveOrReopen: () => {
      if (conversation.status === "resolved") return act.mutate({ verb: "reopen" });
      act.mutate(
        { verb: "resolve" },
        { onSuccess: () => sayUndoable("Resolved.", () => act.mutate({ verb: "reopen" })) },
      );
    },
    snooze: (until: Date) => act.mutate({ verb: "snooze", until: until.toISOString() }),
    wake: () => act.mutate({ verb: "reopen" }),
    assign: () => setAssigning(true),
    togglePanel: () => setPanelWish(!panelOpen),
  };

  useKeys({
    r: () => composer.current?.focus("reply"),
    n: () => composer.current?.focus("note"),
    t: verbs.takeOrGiveBack,
    e: verbs.resolveOrReopen,
    a: verbs.assign,
    c: verbs.togglePanel,
  });

  const edit = (draft: Message) => {
    setEditing(draft);
    composer.current?.edit(draft.text);
  };

  return (
    <div className={classes.whole} data-panel={(panelOpen && roomy) || undefined}>
      <section
        className={classes.view}
        aria-label={`Conversation with ${conversation.customer.name}`}
      >
        <ConversationHeader
          conversation={conversation}
          verbs={verbs}
          busy={act.isPending}
          panelOpen={panelOpen}
          onClose={onClose}
        />
        {conversation.hand_off && conversation.status !== "resolved" && (
          <HandOffCard handOff={conversation.hand_off} messages={conversation.messages} />
        )}
        <Timeline conversation={conversation} onWhy={setRun} onEdit={edit} />
        <Composer
          ref={composer}
          conversation={conversation}
          editing={editing}
          onEdited={() => setEditing(null)}
        />
      </section>
      {roomy && panelOpen && (
        <aside className={classes.panel} aria-label="Customer">
          <CustomerPanel id={conversation.customer.id} current={conversation.id} />
        </aside>
      )}
      <Drawer
        opened={!roomy && panelOpen}
        onClose={() => setPanelWish(false)}
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
        onAssign={(to) => act.mutate({ verb: "assign", ...to })}
      />
      <TraceDrawer run={run} onClose={() => setRun(null)} />
    </div>
  );
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
