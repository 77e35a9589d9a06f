import { Badge, Button, Modal } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Inbox as InboxIcon, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";

import { useInboxes } from "~/api/settings";
import type { Inbox } from "~/api/types";
import { ChannelIcon, channelName } from "~/parts/ChannelIcon";
import { Empty } from "~/parts/states";
import { fullTime } from "~/parts/time";

import { AddInbox } from "./AddInbox";
import { InboxEditor } from "./InboxEditor";
import classes from "./InboxesSection.module.css";
import { POLICIES } from "./policies";
import { Section } from "./Section";

export function InboxesSection() {
  const inboxes = useInboxes();
  const [adding, setAdding] = useState(false);
  const { inbox: openId, tab } = useSearch({ from: "/shell/settings/$section" });
  const navigate = useNavigate({ from: "/settings/$section" });
  const setOpenId = (inbox?: string) => void navigate({ search: { inbox } });
  const [newId, setNewId] = useState<string | null>(null);
  const open = inboxes.data?.find(({ id }) => id === openId);

  return (
    <Section
      title="Inboxes"
      text="Every account customers write to, and when the assistant may speak there."
      query={inboxes}
      action={
        <Button leftSection={<Plus size={16} />} onClick={() => setAdding(true)}>
          Add inbox
        </Button>
      }
    >
      {(all) => (
        <>
          {all.length === 0 && (
            <Empty icon={InboxIcon} title="No inbox yet">
              Connect a website chat, a WhatsApp number or a mailbox to receive messages.
            </Empty>
          )}
          <ul className={classes.list}>
            {all.map((inbox) => (
              <li key={inbox.id}>
                <Row inbox={inbox} onOpen={() => setOpenId(inbox.id)} />
              </li>
            ))}
          </ul>
          <Modal opened={adding} onClose={() => setAdding(false)} title="Add inbox" size="lg">
            {adding && (
              <AddInbox
                onDone={(inbox) => {
                  setAdding(false);
                  setNewId(inbox.id);
                  setOpenId(inbox.id);
                }}
              />
            )}
          </Modal>
          <Modal
            opened={open !== undefined}
            onClose={() => setOpenId()}
            title={open?.name}
            size="lg"
          >
            {open && (
              <InboxEditor
                key={open.id}
                inbox={open}
                isNew={open.id === newId}
                tab={tab}
                onDone={() => setOpenId()}
              />
            )}
          </Modal>
        </>
      )}
    </Section>
  );
}

function Row({ inbox, onOpen }: { inbox: Inbox; onOpen: () => void }) {
  return (
    <button className={classes.row} onClick={onOpen}>
      <span className={classes.icon}>
        <ChannelIcon kind={inbox.kind} size={18} />
      </span>
      <span className={classes.names}>
        <bdi className="truncate">{inbox.name}</bdi>
        <small>
          {channelName(inbox.kind)}
          {inbox.brand && `, ${inbox.brand}`}
        </small>
        {inbox.problem && (
          <small className={classes.problem}>
            <TriangleAlert size={13} aria-hidden /> {inbox.problem}
            {inbox.broken_since && ` (since ${fullTime(inbox.broken_since)})`}
          </small>
        )}
        {!inbox.problem && inbox.token_warning && (
          <small className={classes.problem}>
            <TriangleAlert size={13} aria-hidden /> {inbox.token_warning}
          </small>
        )}
      </span>
      <span className={classes.badges}>
        {!inbox.enabled && <Badge color="gray">off</Badge>}
        <Badge color={POLICIES[inbox.policy].colour}>{POLICIES[inbox.policy].name}</Badge>
      </span>
    </button>
  );
}
