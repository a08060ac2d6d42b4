import type { MaskText, Tracer } from "@gateway/service-kit";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { WorkerApps } from "./apps.ts";
import type { SendingRules } from "./delivery/sending-apps.ts";
import type { TranscriberSettings } from "./media/in/transcriber.ts";
import type { WorkerMetrics } from "./metrics/worker-metrics.ts";
import type { TurnSettings } from "./turn/turn-deps.ts";

export interface MediaSettings {
  /** Where files of messages and replies are kept for a while. */
  readonly dir: string;
  readonly keepMs: number;
  /** Without it, people who speak are asked to write. */
  readonly voice?: TranscriberSettings;
}

export interface WorkerDeps {
  readonly redis: Redis;
  /** A connection of its own for signals. */
  readonly subscriber: Redis;
  readonly prefix: string;
  /** Under which it is found again after a restart. Default: a new one each time. */
  readonly name?: string;
  readonly apps: WorkerApps;
  readonly logger: Logger;
  /** Hides the gateway's secrets in what agents ask people. */
  readonly mask: MaskText;
  readonly now: () => number;
  /** Turns at the same time in this process. */
  readonly concurrency: number;
  readonly turns: TurnSettings & { readonly media: MediaSettings };
  readonly metrics?: WorkerMetrics;
  /** Undefined where tracing is off. */
  readonly tracer?: Tracer | undefined;
  /** Other figures than WeCom's, for tests. */
  readonly sending?: SendingRules;
  /** How long short turns may finish at shutdown before the rest is handed to another worker. */
  readonly drainMs: number;
  /** How long another worker may be silent before its work is taken over. */
  readonly deadAfterMs: number;
}
