export type { WorkerApp, WorkerApps } from "./apps.ts";
export { createConfiguredApps } from "./configured-apps.ts";
export type { LiveApps } from "./live-apps.ts";
export { type GatewayWorker, startWorker, type WorkerDeps } from "./worker.ts";
