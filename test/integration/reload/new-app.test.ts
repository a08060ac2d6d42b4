import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { entryOf } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { askDoctor } from "./ask-doctor.ts";
import { openConfig } from "./live-config.ts";

// Retires the risk that a second company needs a restart, or that its people get answers meant for the first.

describe("a company added to the file while the gateway runs", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      ...{ ingress: 2, workers: 2, console: true, env: { TURN_QUIET_MS: "0" } },
      apps: [
        { name: "first", settings: { runner: { kind: "command", command: ["echo", "from first"] } } },
        { name: "second", isNew: true },
      ],
    });
  });
  afterAll(() => stack.stop());

  const say = (app: string, callbackUrl: string | undefined) =>
    stack.emulator.pushText({ ...{ app, user: "zhangsan", text: "hello" }, callbackUrl });
  const answers = (app: string) =>
    stack.emulator
      .seen({ app, user: "zhangsan" })
      .flatMap(({ content }) =>
        content.kind === "text" && /^from /.test(content.text) ? [content.text] : [],
      );

  it("is taken by every process, and equal user ids do not meet", async () => {
    const { apps, callbackUrls, logs } = stack;
    expect(await say("second", callbackUrls[0])).toMatchObject({ status: "refused" });

    const [, second] = apps;
    if (second === undefined) throw new Error("the stack has two apps");
    const runner = { kind: "command", command: ["echo", "from second"] };
    const config = await openConfig(stack);
    await config.change((entries) => [...entries, { ...entryOf(second), runner }]);

    for (const callbackUrl of callbackUrls)
      for (const app of ["first", "second"])
        expect(await say(app, callbackUrl)).toMatchObject({ status: "acknowledged" });
    const areAnswered = () => ["first", "second"].every((app) => answers(app).length >= 2);
    await waitUntil("both are answered", areAnswered, { describe: () => logs().slice(-5000) });
    expect(answers("first")).toEqual(["from first", "from first"]);
    expect(answers("second")).toEqual(["from second", "from second"]);
  }, 60_000);

  it("is what the doctor finds in order, with the first", async () => {
    const { code, findings } = await waitUntil("the workers have asked the new agent", async () => {
      const found = await askDoctor(stack);
      return found.findings.every(({ status }) => status === "ok") ? found : undefined;
    });
    expect(code).toBe(0);
    for (const app of ["first", "second"])
      expect(findings.filter((finding) => finding.app === app).map(({ check }) => check)).toEqual([
        "credentials",
        "agent",
        "callback",
      ]);
  }, 60_000);
});
