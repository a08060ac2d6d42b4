import { setTimeout as sleep } from "node:timers/promises";
import type { PushRecord } from "@gateway/wecom-emulator";
import { answersTo } from "../../support/answers.ts";
import type { Stack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

const PER_SECOND = 20;

/** People who write to an app, each once, through every replica by turns. */
export interface Traffic {
  /** Messages acknowledged so far. */
  acknowledged(): number;
  /** Waits until so many more have been acknowledged. */
  goOn(count: number): Promise<void>;
  stop(): void;
  /** Stops it, and waits until everybody is answered. */
  end(timeoutMs?: number): Promise<TrafficReport>;
}

export interface TrafficReport {
  /** Answers of ingress that were no acknowledgement, each with its status. */
  readonly refused: readonly string[];
  /** People who saw more than one reply. */
  readonly answeredTwice: readonly string[];
  readonly answered: number;
}

/** WeCom tries once: the emulator's `callbackPolicy` has to say so. */
export function startTraffic(stack: Stack, app = "main"): Traffic {
  const { emulator, callbackUrls } = stack;
  const pushes: Promise<PushRecord>[] = [];
  const settled: PushRecord[] = [];
  let isOver = false;
  const push = (index: number) => {
    const callbackUrl = callbackUrls[index % callbackUrls.length] ?? "";
    const pushed = emulator.pushText({ app, user: `person${index}`, text: "hello", callbackUrl });
    pushes.push(pushed);
    void pushed.then((record) => settled.push(record));
  };
  const writing = (async () => {
    const startMs = performance.now();
    for (let index = 0; !isOver; index += 1) {
      push(index);
      await sleep(Math.max(0, startMs + ((index + 1) * 1000) / PER_SECOND - performance.now()));
    }
  })();
  const isAcknowledged = ({ status }: PushRecord) => status === "acknowledged";
  const acknowledged = () => settled.filter(isAcknowledged).length;
  const answersOf = ({ userId }: PushRecord) => answersTo(emulator, userId, "hello", app).length;

  return {
    acknowledged,
    async goOn(count) {
      const enough = acknowledged() + count;
      await waitUntil("traffic goes on", () => acknowledged() >= enough, {
        describe: () => stack.logs().slice(-5000),
      });
    },
    stop() {
      isOver = true;
    },
    async end(timeoutMs = 60_000) {
      isOver = true;
      await writing;
      const all = await Promise.all(pushes);
      const taken = all.filter(isAcknowledged);
      await waitUntil("everybody is answered", () => taken.every((push) => answersOf(push) > 0), {
        timeoutMs,
        describe: () =>
          `${taken.filter((push) => answersOf(push) === 0).length} of ${taken.length} wait\n${stack.logs().slice(-5000)}`,
      });
      return {
        refused: all
          .filter((push) => !isAcknowledged(push))
          .map(({ userId, status, attempts }) => `${userId} ${status} ${JSON.stringify(attempts.at(-1))}`),
        answeredTwice: taken.filter((push) => answersOf(push) > 1).map(({ userId }) => userId),
        answered: taken.length,
      };
    },
  };
}
