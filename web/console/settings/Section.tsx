import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Failed, Lines } from "~/parts/states";

import classes from "./Section.module.css";

interface Props<T> {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** One screen of the settings with its loading and error states. */
export function Section<T>({ title, text, action, query, children }: Props<T>) {
  return (
    <section className={classes.section}>
      <header className={classes.head}>
        <div>
          <h2>{title}</h2>
          {text && <p>{text}</p>}
        </div>
        {action}
      </header>
      {query.isPending ? (
        <Lines count={5} tall />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        children(query.data)
      )}
    </section>
  );
}

export function Card({ children }: { children: ReactNode }) {
  return <div className={classes.card}>{children}</div>;
}
