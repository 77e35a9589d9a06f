import { Button, Modal, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { useWriteArticle } from "~/api/articles";
import type { Article, ArticleText as Fields } from "~/api/types";
import { ArticleText } from "~/parts/Markdown";
import { useFields } from "~/parts/fields";
import { sayDone } from "~/parts/notices";

import classes from "./ArticleEditor.module.css";

interface Props {
  article: Article | null;
  onDone: (saved: Article | null) => void;
}

/** Markdown on one side, how it will look on the other; on a phone one at a time. */
export function ArticleEditor({ article, onDone }: Props) {
  const write = useWriteArticle(article?.id ?? null);
  const [side, setSide] = useState("write");
  const { fields, set, bind } = useFields<Fields>({
    title: article?.title ?? "",
    kind: article?.kind ?? "text",
    text: article?.text ?? "",
    language: article?.language ?? "en",
    audience: article?.audience === "internal" ? "internal" : "public",
    url: ownAddress(article),
    version: article?.version ?? null,
  });
  const isEntry = fields.kind === "faq";
  const [opened] = useState(() => JSON.stringify(fields));
  const changed = JSON.stringify(fields) !== opened;
  const unsaved = useRef(false);
  useEffect(() => {
    unsaved.current = changed;
  }, [changed]);
  const leaving = useBlocker({
    shouldBlockFn: () => unsaved.current,
    enableBeforeUnload: () => unsaved.current,
    withResolver: true,
  });
  const [cancelling, setCancelling] = useState(false);
  const incomplete = !fields.title.trim() || !fields.text.trim();

  const save = () => {
    if (incomplete) return;
    write.mutate(fields, {
      onSuccess: (saved) => {
        unsaved.current = false;
        sayDone("Saved. The assistant answers from it in a moment.");
        onDone(saved);
      },
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  };

  return (
    <div className={classes.editor} onKeyDown={onKey}>
      <div className={classes.fields}>
        <TextInput
          className={classes.title}
          label={isEntry ? "Question" : "Title"}
          required
          dir="auto"
          data-autofocus
          {...bind("title")}
        />
        <Select
          label="Kind"
          className={classes.audience}
          data={KINDS}
          allowDeselect={false}
          value={fields.kind}
          onChange={(kind) => set({ kind: kind === "faq" ? "faq" : "text" })}
        />
        <TextInput label="Language" className={classes.short} maxLength={5} {...bind("language")} />
        <Select
          label="For"
          className={classes.audience}
          data={AUDIENCES}
          allowDeselect={false}
          value={fields.audience}
          onChange={(audience) =>
            set({ audience: audience === "internal" ? "internal" : "public" })
          }
        />
      </div>
      <SegmentedControl
        className={classes.side}
        value={side}
        onChange={setSide}
        data={[
          { value: "write", label: "Write" },
          { value: "preview", label: "Preview" },
        ]}
      />
      <div className={classes.halves} data-side={side}>
        <Textarea
          className={classes.text}
          classNames={{ wrapper: classes.fill, input: classes.markdown }}
          aria-label={isEntry ? "Answer in Markdown" : "Text in Markdown"}
          placeholder={
            isEntry
              ? "The answer, as customers will read it."
              : "# Headings, lists and tables in Markdown\n\nOne matter per section answers best."
          }
          dir="auto"
          {...bind("text")}
        />
        <div className={classes.preview} aria-label="Preview">
          {fields.text.trim() ? (
            <ArticleText text={fields.text} />
          ) : (
            <p className={classes.nothing}>The preview appears here.</p>
          )}
        </div>
      </div>
      <div className={classes.bottom}>
        <Button disabled={incomplete} loading={write.isPending} onClick={save}>
          Save and publish
        </Button>
        <Button variant="default" onClick={() => (changed ? setCancelling(true) : onDone(null))}>
          Cancel
        </Button>
        <span className={classes.keys}>Ctrl S saves</span>
      </div>
      <Discard
        open={cancelling || leaving.status === "blocked"}
        onKeep={() => {
          setCancelling(false);
          leaving.reset?.();
        }}
        onDiscard={() => {
          unsaved.current = false;
          if (leaving.proceed) leaving.proceed();
          else onDone(null);
        }}
      />
    </div>
  );
}

function Discard(props: { open: boolean; onKeep: () => void; onDiscard: () => void }) {
  return (
    <Modal opened={props.open} onClose={props.onKeep} title="Leave without saving?" size="sm">
      <p className={classes.nothing}>What you changed in this article would be lost.</p>
      <div className={classes.bottom}>
        <Button data-autofocus onClick={props.onKeep}>
          Keep writing
        </Button>
        <Button variant="default" onClick={props.onDiscard}>
          Discard the changes
        </Button>
      </div>
    </Modal>
  );
}
const KINDS = [
  { value: "text", label: "Article" },
  { value: "faq", label: "FAQ entry" },
];

const AUDIENCES = [
  { value: "public", label: "Everybody" },
  { value: "internal", label: "Teammates only" },
];

/** An article without an address of its own carries that of its help page. */
function ownAddress(article: Article | null): string {
  return !article || article.url.endsWith(`/help/${article.id}`) ? "" : article.url;
}
