import type { ReactNode } from "react";

import classes from "./CustomerPanel.module.css";

/** One titled part of the customer panel. */
export function Section(props: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <h3 className={classes.title}>
        {props.title}
        {!!props.count && <span>{props.count}</span>}
      </h3>
      {props.children}
    </section>
  );
}
