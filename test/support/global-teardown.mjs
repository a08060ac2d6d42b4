// biome-ignore lint/style/noDefaultExport: jest takes the default export
export { teardown as default } from "./global-setup.mjs";
