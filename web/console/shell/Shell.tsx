import { ActionIcon, Indicator, Menu, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import {
  BookOpen,
  Inbox,
  Keyboard,
  LogOut,
  Search,
  Settings,
  UserRound,
  UsersRound,
  WifiOff,
  type LucideIcon,
} from "lucide-react";
import { useState } from "react";

import { useCounts } from "~/api/conversations";
import { meQuery, useChangeMe, useMe, useSignOut } from "~/api/me";
import { useSuggestionCount } from "~/api/suggestions";
import { useLive } from "~/live/useLive";
import { Face } from "~/parts/Face";
import { useMay } from "~/parts/may";
import { undoLast } from "~/parts/notices";
import { Failed, Lines } from "~/parts/states";

import { Palette, openPalette } from "./Palette";
import { useKeys } from "./keys";
import classes from "./Shell.module.css";
import { ShortcutHelp } from "./ShortcutHelp";
import { Troubles } from "./Troubles";

/** Everything behind the sign-in: navigation, live news, keyboard. */
export function Shell() {
  const me = useQuery(meQuery);
  // As it was at first: leaving for the sign-in changes the place itself.
  const [place] = useState(useRouterState({ select: (state) => state.location.href }));

  if (me.isPending) return <Lines count={6} />;
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} />;
  if (!me.data) return <Navigate to="/sign-in" search={{ to: place }} replace />;
  return <SignedIn />;
}

function SignedIn() {
  const connected = useLive();
  const navigate = useNavigate();
  const [helpOpen, setHelpOpen] = useState(false);
  const counts = useCounts();
  const pairs = useSuggestionCount();
  const maySet = useMay("lead");

  useKeys({
    z: undoLast,
    "g i": () => void navigate({ to: "/inbox" }),
    "g u": () => void navigate({ to: "/same-person" }),
    "g a": () => void navigate({ to: "/articles" }),
    "g s": () => maySet && void navigate({ to: "/settings" }),
    "g p": () => void navigate({ to: "/profile" }),
    "?": () => setHelpOpen(true),
  });

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <nav className={classes.rail} aria-label="Main">
        <Link to="/inbox" className={classes.logo} aria-label="OneThread, inbox">
          <img src="/console/logo.svg" alt="" width={30} height={30} />
        </Link>
        <RailLink to="/inbox" icon={Inbox} label="Inbox" count={counts.data?.mine} />
        <RailLink
          to="/same-person"
          icon={UsersRound}
          label="People"
          count={pairs.data?.open}
          counted="pairs to judge"
        />
        <RailLink to="/articles" icon={BookOpen} label="Articles" />
        {maySet && <RailLink to="/settings" icon={Settings} label="Settings" />}
        <span className={classes.space} />
        <Tooltip label="Search and commands (Ctrl K)" position="right">
          <ActionIcon
            size={40}
            className={classes.wideOnly}
            aria-label="Search and commands"
            onClick={openPalette}
          >
            <Search size={19} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Keyboard shortcuts (?)" position="right">
          <ActionIcon
            size={40}
            className={classes.wideOnly}
            aria-label="Keyboard shortcuts"
            onClick={() => setHelpOpen(true)}
          >
            <Keyboard size={19} />
          </ActionIcon>
        </Tooltip>
        <MeMenu />
      </nav>
      <main id="main" className={classes.main} tabIndex={-1}>
        {!connected && (
          <div className={classes.offline} role="status">
            <WifiOff size={15} aria-hidden /> Connection lost. Trying again; what you see may be
            old.
          </div>
        )}
        <Troubles />
        <Outlet />
      </main>
      <Palette />
      <ShortcutHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function RailLink(props: {
  to: string;
  icon: LucideIcon;
  label: string;
  count?: number;
  counted?: string;
}) {
  const Icon = props.icon;
  return (
    <Link
      to={props.to}
      className={classes.link}
      activeProps={{ "data-active": true, "aria-current": "page" }}
    >
      <span className={classes.linkIcon}>
        <Icon size={20} aria-hidden />
        {!!props.count && (
          <span className={classes.count}>
            {props.count > 99 ? "99+" : props.count}
            <span className="visually-hidden"> {props.counted ?? "of mine open"}</span>
          </span>
        )}
      </span>
      <span className={classes.linkLabel}>{props.label}</span>
    </Link>
  );
}

function MeMenu() {
  const me = useMe();
  const change = useChangeMe();
  const signOut = useSignOut();
  return (
    <Menu position="right-end" width={230}>
      <Menu.Target>
        <button className={classes.me}>
          <span className="visually-hidden">
            {me.name}, {me.available ? "available" : "away"}
          </span>
          <Indicator
            color={me.available ? "green" : "gray"}
            position="bottom-end"
            offset={4}
            size={11}
            withBorder
          >
            <Face name={me.name} size={34} />
          </Indicator>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong className="truncate">{me.name}</strong>
          <span className="truncate">{me.email}</span>
        </div>
        <Menu.Item onClick={() => change.mutate({ available: !me.available })}>
          {me.available ? "Set myself away" : "Set myself available"}
        </Menu.Item>
        <Menu.Item component={Link} to="/profile" leftSection={<UserRound size={15} />}>
          My profile
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
