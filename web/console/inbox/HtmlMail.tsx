import { useState, type SyntheticEvent } from "react";

import classes from "./HtmlMail.module.css";

const TALLEST = 900;

/**
 * A mail as it was designed, in a frame that runs no scripts. The server has cleaned it already;
 * the console's content policy, which the frame inherits, also keeps remote pictures out.
 */
export function HtmlMail({ html }: { html: string }) {
  const [height, setHeight] = useState(160);

  const settle = (event: SyntheticEvent<HTMLIFrameElement>) => {
    const page = event.currentTarget.contentDocument;
    if (!page) return;
    for (const link of page.querySelectorAll("a")) link.target = "_blank";
    setHeight(Math.min(TALLEST, page.documentElement.scrollHeight + 2));
  };
  const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/console/mail.css"><body dir="auto">${html}`;

  return (
    <iframe
      className={classes.mail}
      title="The original mail"
      // Same origin only so that its height can be read; without scripts nothing in it can act.
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcDoc={page}
      height={height}
      onLoad={settle}
    />
  );
}
