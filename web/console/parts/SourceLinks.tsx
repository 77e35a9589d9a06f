import { BookOpenText } from "lucide-react";

import type { Source } from "~/api/types";

import classes from "./SourceLinks.module.css";

/** What an answer rests on; each opens the article as the customer sees it. */
export function SourceLinks({ sources }: { sources: Source[] }) {
  return (
    <ul className={classes.sources} aria-label="Sources">
      {sources.map((source, index) => (
        <li key={index}>
          <a
            href={source.url || undefined}
            target="_blank"
            rel="noopener noreferrer"
            title={source.passage || source.title}
          >
            <BookOpenText size={13} aria-hidden />
            <span className="truncate">{source.title || source.url}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
