import type { UITheme } from "@bull-board/api/typings/app";

const FONTS = {
  "font-sans":
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  "font-mono": 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  radius: "0.625rem",
};

/** The console's colours (assets/console.css) for Bull Board, so that both look like one tool. */
export const boardTheme: UITheme = {
  light: {
    ...FONTS,
    background: "#f5f6f8",
    card: "#ffffff",
    primary: "#0b7a4b",
    "primary-foreground": "#ffffff",
    ring: "#0b7a4b",
    sidebar: "#ffffff",
    "sidebar-primary": "#0b7a4b",
  },
  dark: {
    ...FONTS,
    background: "#0f1214",
    card: "#171b1e",
    primary: "#3ecf8e",
    "primary-foreground": "#06281a",
    ring: "#3ecf8e",
    sidebar: "#13171a",
    "sidebar-primary": "#3ecf8e",
  },
};
