export type { AppSettings } from "./app-directory.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type AckTiming, DEFAULT_ACK_TIMING } from "./http/receive-callback.ts";
export { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./http/server.ts";
export { createIngress, type Ingress, type IngressDeps } from "./ingress.ts";
export { type Observation, type ObserveOutcome, outcomeCode } from "./observation.ts";
export type { CallbackOutcome, HandshakeOutcome, Rejection } from "./outcome.ts";
