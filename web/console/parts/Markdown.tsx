import MarkdownIt from "markdown-it";
import { useMemo } from "react";

import classes from "./Markdown.module.css";

// Raw HTML stays text and only safe link schemes pass: nothing here can run.
const article = new MarkdownIt({ html: false, linkify: true });
const message = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable([
  "heading",
  "lheading",
  "hr",
  "code",
  "table",
  "image",
]);
for (const markdown of [article, message]) {
  markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet("target", "_blank");
    tokens[index]?.attrSet("rel", "noopener noreferrer");
    return self.renderToken(tokens, index, options);
  };
}

/** An article's Markdown as it will look. */
export function ArticleText({ text }: { text: string }) {
  const html = useMemo(() => article.render(text), [text]);
  return <div className={classes.article} dir="auto" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** The neutral mark-up of what we write: paragraphs, lists, bold, links. */
export function MessageText({ text }: { text: string }) {
  const html = useMemo(() => message.render(text), [text]);
  return <div className={classes.message} dir="auto" dangerouslySetInnerHTML={{ __html: html }} />;
}
