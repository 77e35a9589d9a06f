import { Button, SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";

import { useWriteArticle } from "~/api/articles";
import type { Article, ArticleText as Fields } from "~/api/types";
import { ArticleText } from "~/parts/Markdown";
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
  const [fields, setFields] = useState<Fields>({
    title: article?.title ?? "",
    kind: article?.kind ?? "text",
    text: article?.text ?? "",
    language: article?.language ?? "en",
    audience: article?.audience === "internal" ? "internal" : "public",
    url: ownAddress(article),
    version: article?.version ?? null,
  });
  const set = (part: Partial<Fields>) => setFields({ ...fields, ...part });
  const isEntry = fields.kind === "faq";
  const incomplete = !fields.title.trim() || !fields.text.trim();

  const save = () => {
    if (incomplete) return;
    write.mutate(fields, {
      onSuccess: (saved) => {
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
          value={fields.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <Select
          label="Kind"
          className={classes.audience}
          data={KINDS}
          allowDeselect={false}
          value={fields.kind}
          onChange={(kind) => set({ kind: kind === "faq" ? "faq" : "text" })}
        />
        <TextInput
          label="Language"
          className={classes.short}
          maxLength={5}
          value={fields.language}
          onChange={(event) => set({ language: event.currentTarget.value })}
        />
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
          value={fields.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
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
        <Button variant="default" onClick={() => onDone(null)}>
          Cancel
        </Button>
      </div>
    </div>
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
