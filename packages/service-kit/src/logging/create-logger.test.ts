import { describe, expect, it } from "@jest/globals";
import type { LogLevel } from "../config/types.ts";
import { runModule } from "../testing/run-module.ts";
import { createLogger } from "./create-logger.ts";

function capture(options: { level?: LogLevel; secrets?: string[] } = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    level: options.level ?? "info",
    service: "ingress",
    secrets: options.secrets ?? [],
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "") };
}

describe("createLogger", () => {
  it("writes one JSON line with level, time, service and what was said", () => {
    const { logger, lines, last } = capture();
    logger.info({ corpId: "ww1", userId: "00123" }, "callback accepted");
    expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(last()).toMatchObject({
      level: "info",
      service: "ingress",
      corpId: "ww1",
      userId: "00123",
      msg: "callback accepted",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it.each(["process.exit(1)", "throw new Error('crash')"])(
    "has written every line of a crowd when the process ends by %s",
    async (end) => {
      const { stdout } = await runModule(
        `import { createLogger } from "./packages/service-kit/src/logging/create-logger.ts";
        const logger = createLogger({ level: "info", service: "x" });
        for (let n = 0; n < 50; n += 1) logger.info({ n }, "line");
        ${end};`,
        { PATH: process.env.PATH ?? "" },
      );
      const seen = stdout.trim().split("\n");
      expect(seen.map((line) => JSON.parse(line).n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    },
  );

  it("keeps the level", () => {
    const { logger, lines } = capture({ level: "warn" });
    logger.info("quiet");
    expect(lines).toEqual([]);
  });

  it.each([
    "token",
    "corpSecret",
    "encodingAesKey",
    "password",
    "access_token",
    "Authorization",
    "set-cookie",
    "content",
    "body",
  ])("hides the field %s wherever it stands, also of a child", (field) => {
    const { logger, lines, last } = capture();
    logger.info({ [field]: "hunter2", apps: [{ first: { [field]: "hunter2" } }] }, "x");
    logger
      .child({ x: 1 })
      .child({ app: { [field]: "hunter2" } })
      .info("x");
    expect(lines).toHaveLength(2);
    expect(last()).toMatchObject({ x: 1, app: { [field]: "[hidden]" } });
    expect(lines.join()).not.toContain("hunter2");
  });

  it("leaves the fields beside them, and what knows how to write itself", () => {
    const { logger, last } = capture();
    const at = new Date(0);
    logger.info({ app: { name: "sales", token: "t", at }, list: [1, "two", null] });
    expect(last()).toMatchObject({
      app: { name: "sales", token: "[hidden]", at: "1970-01-01T00:00:00.000Z" },
      list: [1, "two", null],
    });
  });

  it("cuts what is too deep, and survives a circle", () => {
    const { logger, lines } = capture();
    const circle: Record<string, unknown> = { name: "circle" };
    circle.self = circle;
    logger.info({ circle });
    expect(lines.join()).toContain("[too deep]");
  });

  it("hides a known secret anywhere in the line, whatever its field", () => {
    const { logger, lines } = capture({ secrets: ["hunter2hunter2"] });
    logger.error(
      { deep: { in: { side: ["a hunter2hunter2 b"] } }, err: new Error("hunter2hunter2") },
      "hunter2hunter2",
    );
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain("hunter2");
  });

  it("reduces errors, as err and as error and alone", () => {
    const { logger, lines, last } = capture();
    const error = Object.assign(new Error("failed"), { config: { headers: "hunter2" } });
    logger.error({ err: error });
    logger.error({ error });
    logger.error(error);
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain("hunter2");
    expect(last().err).toMatchObject({ type: "Error", message: "failed" });
  });
});
