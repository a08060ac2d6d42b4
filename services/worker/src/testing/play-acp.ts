import { once } from "node:events";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { AgentProcess } from "../runners/acp/agent-process.ts";
import type { HostileAgent, Said } from "./hostile-acp.ts";
import { METHODS } from "./hostile-acp.ts";

/** An agent behind pipes, in place of a process: reads requests, writes whatever it is made to. */
export function playAcp(agent: HostileAgent): AgentProcess {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let exit: (how: string) => void = () => undefined;
  const exited = new Promise<string>((resolve) => {
    exit = resolve;
  });
  const end = async () => {
    stdin.destroy();
    stdout.end();
    exit("SIGTERM");
  };
  const pieces = [...agent.pieces];
  /** Agents write with some breath between, and readers get what the pipe brings. */
  const write = async (bytes: Buffer) => {
    let from = 0;
    while (from < bytes.length && stdout.writable) {
      const size = pieces.shift() ?? bytes.length;
      if (!stdout.write(bytes.subarray(from, from + size)))
        await Promise.race([once(stdout, "drain"), exited]);
      from += size;
      if (pieces.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const play = async (id: unknown, { before, answer, after }: Said) => {
    await write(before);
    if (answer === "exit") return end();
    if (answer !== "silence")
      await write(Buffer.from(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`));
    await write(after);
  };
  const take = (line: string) => {
    const { id, method } = JSON.parse(line);
    const asked = METHODS.find((one) => one === method);
    if (asked !== undefined) void play(id, agent[asked]).catch(() => undefined);
    // From here on it reads nothing.
    if (asked === "session/prompt" && agent.isDeaf) stdin.pause();
  };
  createInterface({ input: stdin }).on("line", take);
  return {
    child: Object.assign({} as AgentProcess["child"], { stdin, stdout }),
    exited,
    stderrTail: () => "",
    end,
  };
}
