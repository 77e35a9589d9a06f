import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { meQuery } from "./api/me";
import type { Box, ListOrder } from "./api/types";
import { InboxPage } from "./inbox/InboxPage";
import { NotFound, ScreenError } from "./parts/states";
import { queryClient } from "./queryClient";
import { Shell } from "./shell/Shell";
import { SignIn } from "./shell/SignIn";

export interface InboxSearch {
  box?: Box | "snoozed" | "resolved";
  queue?: string;
  inbox?: string;
  order?: Exclude<ListOrder, "newest">;
  q?: string;
}

const BOXES: readonly unknown[] = [
  "mine",
  "unassigned",
  "drafts",
  "assistant",
  "all",
  "snoozed",
  "resolved",
] satisfies InboxSearch["box"][];

export interface ArticleSearch {
  q?: string;
  status?: string;
  source?: string;
  file?: string;
}

export interface SettingsSearch {
  /** The inbox whose settings are open, and which of them. */
  inbox?: string;
  tab?: string;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  component: SignIn,
  validateSearch: (search): { to?: string } => ({ to: text(search.to) }),
});

const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: "shell", component: Shell });

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", replace: true });
  },
});

const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox",
  component: InboxPage,
  validateSearch: (search): InboxSearch => ({
    box: BOXES.includes(search.box) ? (search.box as InboxSearch["box"]) : undefined,
    queue: text(search.queue),
    inbox: text(search.inbox),
    order: search.order === "waiting" ? "waiting" : undefined,
    q: text(search.q),
  }),
});

const conversationRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: "$conversationId",
});

const articlesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/articles",
  component: lazyRouteComponent(() => import("./articles/ArticlesPage"), "ArticlesPage"),
  validateSearch: (search): ArticleSearch => ({
    q: text(search.q),
    status: text(search.status),
    source: text(search.source),
    file: text(search.file),
  }),
});

const newArticleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/articles/new",
  component: lazyRouteComponent(() => import("./articles/ArticlePage"), "NewArticlePage"),
});

const articleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/articles/$articleId",
  component: lazyRouteComponent(() => import("./articles/ArticlePage"), "ArticlePage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/SettingsPage"), "SettingsPage"),
});

const settingsHomeRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: async () => {
    const me = await queryClient.ensureQueryData(meQuery);
    const section = me?.role === "admin" ? "company" : "queues";
    throw redirect({ to: "/settings/$section", params: { section }, replace: true });
  },
});

const sectionRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "$section",
  component: lazyRouteComponent(() => import("./settings/SettingsPage"), "SettingsSection"),
  validateSearch: (search): SettingsSearch => ({
    inbox: text(search.inbox),
    tab: text(search.tab),
  }),
});

const samePersonRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/same-person",
  component: lazyRouteComponent(() => import("./people/SamePersonPage"), "SamePersonPage"),
});

const profileRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/profile",
  component: lazyRouteComponent(() => import("./profile/ProfilePage"), "ProfilePage"),
});

export const router = createRouter({
  basepath: "/console",
  defaultPreload: "intent",
  defaultErrorComponent: ScreenError,
  routeTree: rootRoute.addChildren([
    signInRoute,
    shellRoute.addChildren([
      homeRoute,
      inboxRoute.addChildren([conversationRoute]),
      articlesRoute,
      newArticleRoute,
      articleRoute,
      settingsRoute.addChildren([settingsHomeRoute, sectionRoute]),
      samePersonRoute,
      profileRoute,
    ]),
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
