export { createWorkerApps, type WorkerApp, type WorkerApps } from "./apps.ts";
export { type GatewayWorker, startWorker, type WorkerDeps } from "./worker.ts";
