/** What planning a long reply costs, and how fast one worker sends. */
import { planReply } from "../services/worker/src/delivery/plan-reply.ts";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { printHead, printTable } from "./support/print.ts";
import { cpuMs } from "./support/process-usage.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = sized(15, 5, 1);
const REPLY_CHARS = 100_000;
/** The demo agent's long answer. */
const REPORT = "report";
const PEOPLE = sized(1000, 300, 10);
/** Each of a corp of its own: WeCom's limit for one corp is a few hundred a second. */
const APPS = sized(20, 20, 2);

printHead("Delivery");
planning();
await sending();

function planning(): void {
  const paragraph =
    "## 季度报告\n\n企业微信单条消息最多 **2048** 字节 👩‍👩‍👧‍👦，超出部分会被截断：\n\n- 一\n- `two`\n\n";
  const plain = "企业微信单条消息最多 2048 字节，超出部分会被截断。";
  const rows = Object.entries({ "Markdown with emoji": paragraph, "plain Chinese": plain }).map(
    ([name, piece]) => {
      const text = piece.repeat(Math.ceil(REPLY_CHARS / piece.length)).slice(0, REPLY_CHARS);
      const megabytes = Buffer.byteLength(text) / 1e6;
      let chunks = 0;
      const perMb = Array.from({ length: ROUNDS }, (_, round) => {
        const startedAt = performance.now();
        chunks = plan(text, `re-${round}`);
        return (performance.now() - startedAt) / megabytes;
      });
      return [name, String(chunks), (median(perMb) * megabytes).toFixed(0), median(perMb).toFixed(0)];
    },
  );
  printTable([`a reply of ${REPLY_CHARS} characters`, "messages", "ms", "ms per MB"], rows);
}

function plan(text: string, id: string): number {
  const conversation = { corpId: "ww1", agentId: "1", userId: "zhangsan" };
  const style = { format: "text", number: true, reserveBytes: 100 } as const;
  const facts = { id, kind: "answer", conversation, messageIds: ["cb-1"], createdAtMs: 0 } as const;
  return planReply({ ...facts, text, style }).chunks.length;
}

async function sending(): Promise<void> {
  const apps = Array.from({ length: APPS }, (_, index) => `app${index}`);
  const stack = await startStack({ apps, workers: 1, env: { TURN_QUIET_MS: "0" } });
  try {
    const [ingress] = stack.ingress;
    const [worker] = stack.workers;
    if (ingress === undefined || worker === undefined) throw new Error("the stack is empty");
    const callbacks = createCallbacks(stack.apps, PEOPLE, { users: PEOPLE, text: REPORT });
    const before = cpuMs(worker.process.pid);
    const startedAt = performance.now();
    await runLoad(ingress.port, callbacks, { connections: 8 });
    const sent = () => stack.emulator.callCounts()["message/send"] ?? 0;
    let last = 0;
    await waitUntil(
      "nothing waits and nothing is sent any more",
      async () => {
        const previous = last;
        last = sent();
        const redis = stack.redis.client();
        const waiting = await redis.exists(
          `${stack.prefix}:pending-turns`,
          `${stack.prefix}:pending-deliveries`,
        );
        redis.disconnect();
        return waiting === 0 && last > 0 && last === previous;
      },
      { timeoutMs: 600_000 },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = (cpuMs(worker.process.pid) - before) / sent();
    printTable(
      ["one worker, answers of several messages", "messages sent", "per second", "worker's CPU ms each"],
      [[`${PEOPLE} people`, String(sent()), (sent() / seconds).toFixed(0), cpu.toFixed(2)]],
    );
  } finally {
    await stack.stop();
  }
}
