import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import type { Plugin } from "vite";

import { theme } from "./theme.ts";

const NAME = "virtual:theme.css";

/** The theme's variables as a style sheet made at build time.
 *
 * Mantine would insert them as a style element, which the page's content policy forbids.
 */
export function themeStyles(): Plugin {
  return {
    name: "theme-styles",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? styles() : null),
  };
}

function styles(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  return convertCssVariables(defaultCssVariablesResolver(merged), ":root");
}
