/** Settings of a service that loads a module of preload/ before everything else. */
export function preload(
  module: "shift-clock" | "block-loop",
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  const { href } = new URL(`preload/${module}.mjs`, import.meta.url);
  return { NODE_OPTIONS: `--import=${href}`, ...settings };
}
