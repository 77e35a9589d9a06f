import { Link } from "@tanstack/react-router";
import { ChevronDown, TriangleAlert } from "lucide-react";
import { useState } from "react";

import { useTroubles } from "~/api/settings";
import type { Trouble } from "~/api/types";
import { useMay } from "~/parts/may";
import { fullTime, Since } from "~/parts/time";

import classes from "./Troubles.module.css";

/** What is wrong with inboxes, above every screen until it is mended. */
export function Troubles() {
  const troubles = useTroubles();
  const mayMend = useMay("admin");
  const [open, setOpen] = useState(false);
  // A token that will run out is the business of those who can put in another.
  const all = (troubles.data ?? []).filter(({ what }) => mayMend || what !== "token");
  if (all.length === 0) return null;
  const worst = all.some(({ what }) => what === "broken") ? "broken" : "other";
  return (
    <section className={classes.strip} data-worst={worst} aria-label="Inboxes in trouble">
      <div role="status" className="visually-hidden">
        {all.map(({ name }) => name).join(", ")}: in trouble.
      </div>
      {all.length > 1 && (
        <button className={classes.summary} aria-expanded={open} onClick={() => setOpen(!open)}>
          <TriangleAlert size={16} aria-hidden />
          <span className="truncate">
            {all.length} inboxes need attention: {all.map(({ name }) => name).join(", ")}
          </span>
          <ChevronDown size={16} aria-hidden className={classes.chevron} />
        </button>
      )}
      {(all.length === 1 || open) && (
        <ul className={classes.list}>
          {all.map((trouble) => (
            <Line key={trouble.inbox_id} trouble={trouble} mayMend={mayMend} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ trouble, mayMend }: { trouble: Trouble; mayMend: boolean }) {
  const { inbox_id, name, what, words, since, waiting } = trouble;
  return (
    <li className={classes.line}>
      <TriangleAlert size={16} aria-hidden />
      <span className={classes.words}>
        <strong>
          <bdi>{name}</bdi>{" "}
          {since ? (
            <span title={`Since ${fullTime(since)}`}>
              {LASTING[what]} for <Since at={since} />
            </span>
          ) : (
            NOW[what]
          )}
          .
        </strong>{" "}
        {words}
        {waiting > 0 && ` ${waiting === 1 ? "1 message waits" : `${waiting} messages wait`}.`}
        {!mayMend && what === "broken" && " An admin has to mend it."}
      </span>
      {mayMend && (
        <Link
          to="/settings/$section"
          params={{ section: "inboxes" }}
          search={{ inbox: inbox_id, tab: what === "held" ? "check" : "account" }}
          className={classes.link}
        >
          Settings<span className="visually-hidden"> of {name}</span>
        </Link>
      )}
    </li>
  );
}

const NOW: Record<Trouble["what"], string> = {
  broken: "doesn't work",
  held: "is held back",
  token: "will stop working",
};

const LASTING: Record<Trouble["what"], string> = {
  broken: "has not worked",
  held: "has been held back",
  token: "has been about to stop",
};
