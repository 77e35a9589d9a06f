import { createTheme, type MantineColorsTuple } from "@mantine/core";

const thread: MantineColorsTuple = [
  "#e8f5f3",
  "#d2eae6",
  "#a5d5cd",
  "#74bfb3",
  "#4aab9d",
  "#2b9a8b",
  "#16796d",
  "#0f6b63",
  "#0b5751",
  "#07433f",
];

const gray: MantineColorsTuple = [
  "#f7f9f9",
  "#eff3f2",
  "#e3e9e8",
  "#d2dad9",
  "#b4c0bf",
  "#8a9897",
  "#5f6e6d",
  "#475555",
  "#2f3b3b",
  "#1a2424",
];

const dark: MantineColorsTuple = [
  "#dbe2e1",
  "#bcc7c6",
  "#93a2a1",
  "#647372",
  "#3c4948",
  "#2f3b3a",
  "#232d2d",
  "#182120",
  "#111918",
  "#0b1110",
];

const OVERLAY = { backgroundOpacity: 0.32 };

/** The look of the console. Its variables become a static style sheet (see themeStyles.ts). */
export const theme = createTheme({
  colors: { thread, gray, dark },
  primaryColor: "thread",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "md",
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Badge: { defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 550 } },
    Button: { defaultProps: { size: "sm" } },
    // The page itself never scrolls, and the lock would insert a style element.
    Drawer: { defaultProps: { lockScroll: false, overlayProps: OVERLAY } },
    Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: OVERLAY } },
    Menu: { defaultProps: { shadow: "md", withinPortal: true } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
  },
});
