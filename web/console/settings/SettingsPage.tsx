import { Link, Outlet, useParams } from "@tanstack/react-router";
import type { ComponentType } from "react";

import { NotFound } from "~/parts/states";

import { CompanySection } from "./CompanySection";
import { DeadLettersSection } from "./DeadLettersSection";
import { InboxesSection } from "./InboxesSection";
import { ModelSection } from "./ModelSection";
import { QueuesSection } from "./QueuesSection";
import classes from "./SettingsPage.module.css";
import { TeammatesSection } from "./TeammatesSection";

const SECTIONS: Record<string, { name: string; screen: ComponentType }> = {
  company: { name: "Company", screen: CompanySection },
  inboxes: { name: "Inboxes", screen: InboxesSection },
  teammates: { name: "Teammates", screen: TeammatesSection },
  queues: { name: "Queues", screen: QueuesSection },
  model: { name: "Model", screen: ModelSection },
  "dead-letters": { name: "Dead letters", screen: DeadLettersSection },
};

export function SettingsPage() {
  return (
    <div className={classes.page}>
      <nav className={classes.nav} aria-label="Settings">
        <h1>Settings</h1>
        {Object.entries(SECTIONS).map(([section, { name }]) => (
          <Link
            key={section}
            to="/settings/$section"
            params={{ section }}
            className={classes.link}
            activeProps={{ "data-active": true, "aria-current": "page" }}
          >
            {name}
          </Link>
        ))}
      </nav>
      <div className={classes.content}>
        <Outlet />
      </div>
    </div>
  );
}

export function SettingsSection() {
  const { section } = useParams({ from: "/shell/settings/$section" });
  const Screen = SECTIONS[section]?.screen;
  return Screen ? <Screen /> : <NotFound />;
}
