export type { WorkerApp, WorkerApps } from "./apps.ts";
export { createConfiguredApps } from "./configured-apps.ts";
export type { LiveApps } from "./live-apps.ts";
export { type GatewayWorker, startWorker } from "./worker.ts";
export type { WorkerDeps } from "./worker-deps.ts";
