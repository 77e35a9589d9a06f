import { Fragment } from "react";

import classes from "./PlainText.module.css";

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Text as it was written: line breaks kept, addresses clickable, nothing else interpreted. */
export function PlainText({ text, className = "" }: { text: string; className?: string }) {
  if (!text) return null;
  return (
    <p className={`${classes.text} ${className}`} dir="auto">
      {pieces(text).map((piece, index) =>
        piece.link ? (
          <a key={index} href={piece.text} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          <Fragment key={index}>{piece.text}</Fragment>
        ),
      )}
    </p>
  );
}

function pieces(text: string): { text: string; link: boolean }[] {
  const found: { text: string; link: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    found.push({ text: text.slice(end, match.index), link: false });
    found.push({ text: match[0], link: true });
    end = match.index + match[0].length;
  }
  return [...found, { text: text.slice(end), link: false }];
}
