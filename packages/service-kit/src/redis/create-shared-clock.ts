import type { Redis } from "ioredis";
import type { Logger } from "pino";

/**
 * Less is no skew: it is what a network takes. So much may two ingresses differ, whose times `/stop`, `/new` and
 * `/queue clear` compare: they may spare what came that shortly before through the other one.
 */
const TOLERATED_MS = 1000;
const LOOK_EVERY_MS = 30_000;

/**
 * A wall clock on which all processes agree, however wrong those of their machines are. Times that one process writes and
 * another compares come from it, and what WeCom or an agent has signed is compared with it.
 */
export interface SharedClock {
  /** Epoch milliseconds. */
  now(): number;
  /** The same for a moment of this machine's own clock. */
  of(ownMs: number): number;
  /** Looks at Redis' clock now; also done at every connection and every 30 s. Never rejects. */
  look(): Promise<void>;
  stop(): void;
}

/** The own clock, corrected where it is more than a second off that of Redis, which is told once. */
export function createSharedClock(deps: {
  readonly redis: Pick<Redis, "time" | "on" | "off">;
  readonly logger: Pick<Logger, "warn">;
  /** Date.now, except in tests. */
  readonly ownNow?: () => number;
}): SharedClock {
  const { redis, logger, ownNow = Date.now } = deps;
  let offsetMs = 0;
  const look = async () => {
    const began = performance.now();
    const measured = await redis.time().then(
      ([seconds, microseconds]) => Number(seconds) * 1000 + Number(microseconds) / 1000 - ownNow(),
      () => undefined,
    );
    // What took long was measured too roughly to correct anything by it.
    if (measured === undefined || performance.now() - began > TOLERATED_MS) return;
    const isOff = Math.abs(measured) > TOLERATED_MS;
    if (isOff && offsetMs === 0) {
      const seconds = Math.round(-measured / 1000);
      logger.warn({ aheadSeconds: seconds }, "this machine's clock differs from that of Redis; set it right");
    }
    offsetMs = isOff ? Math.round(measured) : 0;
  };
  const lookNow = () => void look();
  const timer = setInterval(lookNow, LOOK_EVERY_MS).unref();
  redis.on("ready", lookNow);
  return {
    now: () => ownNow() + offsetMs,
    of: (ownMs) => ownMs + offsetMs,
    look,
    stop() {
      clearInterval(timer);
      redis.off("ready", lookNow);
    },
  };
}
