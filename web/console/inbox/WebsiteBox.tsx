import { Button } from "@mantine/core";
import { useState } from "react";

import type { Customer } from "~/api/types";
import { Ago } from "~/parts/time";

import classes from "./WebsiteBox.module.css";

/** Events shown at first; the rest on demand, so that what stands below isn't pushed away. */
const FIRST = 5;

type Value = Customer["visitor_attributes"][number]["value"] | null;

/** What the website says about the customer, and what they did there. */
export function WebsiteBox({ customer }: { customer: Customer }) {
  const { visitor_attributes: attributes, visitor_events: events } = customer;
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(0, FIRST);
  const isEmpty = attributes.length + events.length === 0;
  return (
    <section className={classes.section} aria-labelledby="on-the-website">
      <h3 className={classes.title} id="on-the-website">
        On the website
      </h3>
      {isEmpty ? (
        <p className={classes.soft}>Your website has told nothing about them yet.</p>
      ) : (
        <p className={classes.soft}>As your website says. It proves nothing about who they are.</p>
      )}
      {attributes.length > 0 && (
        <dl className={classes.attributes} aria-label="Attributes">
          {attributes.map(({ name, value, at }) => (
            <div key={name}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi>{inWords(value)}</bdi>{" "}
                <small>
                  <Ago at={at} />
                </small>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {shown.length > 0 && (
        <ol className={classes.events} aria-label="Recent events">
          {shown.map(({ id, name, data, at }) => (
            <li key={id}>
              <bdi>{name}</bdi>{" "}
              <small>
                <Ago at={at} />
              </small>
              {Object.keys(data).length > 0 && (
                <p className={classes.soft} dir="auto">
                  {Object.entries(data)
                    .map(([key, value]) => `${key}: ${inWords(value)}`)
                    .join(", ")}
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
      {events.length > shown.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {events.length}
        </Button>
      )}
    </section>
  );
}

function inWords(value: Value): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString() : value;
}
