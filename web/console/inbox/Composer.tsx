import { ActionIcon, Button, Menu, SegmentedControl, Textarea, Tooltip } from "@mantine/core";
import { ChevronDown, Paperclip, PhoneOutgoing, SendHorizontal, X } from "lucide-react";
import {
  useImperativeHandle,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
} from "react";

import { tellTyping, useAct, useNote, useReply } from "~/api/conversations";
import { useSendTemplate } from "~/api/templates";
import type { Conversation, Message } from "~/api/types";
import { sayDone, sayUndoable } from "~/parts/notices";
import { useNow } from "~/parts/time";

import classes from "./Composer.module.css";
import { PendingFiles, usePendingFiles } from "./PendingFiles";
import { TemplateForm } from "./TemplateForm";
import { isClosed, ThreadPicker, WindowLine } from "./ThreadPicker";
import { useUnsent } from "./unsent";

type Mode = "reply" | "note";

export interface ComposerHandle {
  focus: (mode: Mode) => void;
  edit: (text: string) => void;
}

interface Props {
  ref: Ref<ComposerHandle>;
  conversation: Conversation;
  /** A draft of the assistant's that is being changed before it is sent. */
  editing: Message | null;
  onEdited: () => void;
  onCall: () => void;
  /** Write on a channel or to an address that has no thread here yet. */
  onElsewhere: () => void;
}

const TYPING_EVERY = 4000;

export function Composer(props: Props) {
  const { ref, conversation, editing, onEdited, onCall, onElsewhere } = props;
  const { id, threads } = conversation;
  const [mode, setMode] = useState<Mode>("reply");
  const [text, setText] = useUnsent(`${id}:${mode}`);
  const [threadWish, setThreadWish] = useState<string | null>(null);
  const files = usePendingFiles();
  const reply = useReply(id);
  const note = useNote(id);
  const act = useAct(id);
  const template = useSendTemplate(id);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const lastTyping = useRef(0);
  const now = useNow();

  const thread = threads.find((one) => one.id === threadWish) ?? latestThread(conversation);
  const spoken = mode === "reply" && thread?.inbox.kind === "voice";
  const closed = mode === "reply" && thread !== undefined && isClosed(thread, now);
  const refused = closed || (mode === "reply" && !!thread?.objection);
  const empty = !text.trim() && files.ready.length === 0;
  const blocked = empty || files.busy || (mode === "reply" && (refused || spoken || !thread));

  const focus = () => requestAnimationFrame(() => field.current?.focus());
  useImperativeHandle(ref, () => ({
    focus: (wanted) => {
      setMode(wanted);
      focus();
    },
    edit: (draft) => {
      setMode("reply");
      setText(draft, "reply");
      focus();
    },
  }));

  const send = (resolve: boolean) => {
    if (blocked) return;
    const written = text;
    const failed = { onError: () => setText(written, mode) };
    setText("", mode);
    if (mode === "note") return note.mutate({ text: written.trim() }, failed);
    const attachments = files.ready;
    files.clear();
    onEdited();
    reply.mutate(
      { text: written.trim(), thread_id: thread?.id, attachments, resolve, draft_id: editing?.id },
      {
        onError: () => {
          setText(written, mode);
          files.putBack(attachments);
        },
        onSuccess: () => {
          if (resolve) sayUndoable("Sent and resolved.", () => act.mutate({ verb: "reopen" }));
        },
      },
    );
  };

  const onChange = (value: string) => {
    setText(value);
    if (mode === "reply" && Date.now() - lastTyping.current > TYPING_EVERY) {
      lastTyping.current = Date.now();
      void tellTyping(id);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send(event.shiftKey && mode === "reply");
    }
    if (event.key === "Escape") field.current?.blur();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (mode !== "reply" || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    files.add(event.clipboardData.files);
  };

  return (
    <section
      className={classes.composer}
      data-mode={mode}
      data-spoken={spoken || undefined}
      aria-label="Write"
      onDragOver={(event) => mode === "reply" && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (mode === "reply") files.add(event.dataTransfer.files);
      }}
    >
      <div className={classes.top}>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => {
            setMode(value as Mode);
            focus();
          }}
          data={[
            { value: "reply", label: "Reply" },
            { value: "note", label: "Note" },
          ]}
          aria-label="Reply or note"
        />
        {mode === "reply" && (
          <ThreadPicker
            threads={threads}
            chosen={thread}
            onChoose={setThreadWish}
            onOther={onElsewhere}
          />
        )}
        {mode === "note" && <span className={classes.hint}>Only teammates see notes.</span>}
      </div>
      {mode === "reply" && thread && <WindowLine thread={thread} />}
      {closed && thread.takes_templates && !thread.objection && (
        <TemplateForm
          key={thread.id}
          inboxId={thread.inbox.id}
          customerName={conversation.customer.name}
          sending={template.isPending}
          send={({ id: template_id }, values, done) =>
            template.mutate(
              { template_id, thread_id: thread.id, values },
              {
                onSuccess: () => {
                  sayDone("Template sent.");
                  done();
                },
              },
            )
          }
        />
      )}
      {spoken && (
        <SpokenOnly
          alone={threads.length === 1}
          onCall={onCall}
          onNote={() => {
            setMode("note");
            focus();
          }}
        />
      )}
      {editing && (
        <div className={classes.editing}>
          Changing the assistant's draft
          <ActionIcon size="xs" aria-label="Stop changing the draft" onClick={onEdited}>
            <X size={12} />
          </ActionIcon>
        </div>
      )}
      <Textarea
        ref={field}
        className={classes.field}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={10}
        dir="auto"
        aria-label={mode === "reply" ? "Reply" : "Note"}
        placeholder={
          mode === "reply"
            ? `Reply to ${conversation.customer.name || "the visitor"}`
            : "Add a note"
        }
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKey}
        onPaste={onPaste}
      />
      <PendingFiles files={files} />
      <div className={classes.bottom}>
        {mode === "reply" && (
          <Tooltip label="Attach files">
            <ActionIcon size={32} aria-label="Attach files" onClick={() => picker.current?.click()}>
              <Paperclip size={17} />
            </ActionIcon>
          </Tooltip>
        )}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            if (event.currentTarget.files) files.add(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <span className={classes.keys}>Ctrl Enter sends</span>
        <Button.Group>
          <Button
            size="sm"
            disabled={blocked}
            rightSection={<SendHorizontal size={15} />}
            onClick={() => send(false)}
          >
            {mode === "note" ? "Add note" : "Send"}
          </Button>
          {mode === "reply" && (
            <Menu position="top-end">
              <Menu.Target>
                <Button
                  size="sm"
                  px={7}
                  disabled={blocked}
                  aria-label="More ways to send"
                  className={classes.more}
                >
                  <ChevronDown size={15} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => send(true)}>Send and resolve</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Button.Group>
      </div>
    </section>
  );
}

/** Nobody reads on the phone: there one calls, or writes on another channel. */
function SpokenOnly(props: { alone: boolean; onCall: () => void; onNote: () => void }) {
  const { alone, onCall, onNote } = props;
  return (
    <div className={classes.spoken}>
      <p>
        The phone takes no text. Call the customer
        {alone ? "." : ", or choose another channel above."}
      </p>
      <Button size="xs" leftSection={<PhoneOutgoing size={14} />} onClick={onCall}>
        Call the customer
      </Button>
      <Button size="xs" variant="default" onClick={onNote}>
        Write a note
      </Button>
    </div>
  );
}

/** Where the customer wrote last: an answer belongs there. */
function latestThread({ threads, messages }: Conversation) {
  const last = messages.findLast((message) => message.direction === "in" && message.thread_id);
  return threads.find(({ id }) => id === last?.thread_id) ?? threads.at(-1);
}
