import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { ComponentType } from "react";

import { useInSight } from "~/parts/inSight";
import { useMay } from "~/parts/may";
import { Empty, NotFound } from "~/parts/states";
import { SECTIONS, sectionIds, type SectionId } from "~/shell/sections";

import { CompanySection } from "./CompanySection";
import { DeadLettersSection } from "./DeadLettersSection";
import { InboxesSection } from "./InboxesSection";
import { ModelSection } from "./ModelSection";
import { QueuesSection } from "./QueuesSection";
import classes from "./SettingsPage.module.css";
import { TeammatesSection } from "./TeammatesSection";
import { WebhooksSection } from "./WebhooksSection";

const SCREENS: Record<SectionId, ComponentType> = {
  company: CompanySection,
  inboxes: InboxesSection,
  teammates: TeammatesSection,
  queues: QueuesSection,
  model: ModelSection,
  webhooks: WebhooksSection,
  "dead-letters": DeadLettersSection,
};

export function SettingsPage() {
  const { section: open = "" } = useParams({ strict: false });
  const isAdmin = useMay("admin");
  const active = useInSight<HTMLAnchorElement>(open);
  return (
    <div className={classes.page}>
      <nav className={classes.nav} aria-label="Settings">
        <h1>Settings</h1>
        {sectionIds
          .filter((section) => isAdmin || SECTIONS[section].role === "lead")
          .map((section) => (
            <Link
              key={section}
              ref={section === open ? active : undefined}
              to="/settings/$section"
              params={{ section }}
              className={classes.link}
              activeProps={{ "data-active": true, "aria-current": "page" }}
            >
              {SECTIONS[section].name}
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
  if (!isSection(section)) return <NotFound />;
  return <Allowed section={section} />;
}

function Allowed({ section }: { section: SectionId }) {
  const { name, role } = SECTIONS[section];
  const Screen = SCREENS[section];
  if (useMay(role)) return <Screen />;
  return (
    <Empty icon={Lock} title={`${name} is for ${role}s`}>
      Ask an admin to change it, or to give you the role.
    </Empty>
  );
}

function isSection(name: string): name is SectionId {
  return name in SECTIONS;
}
