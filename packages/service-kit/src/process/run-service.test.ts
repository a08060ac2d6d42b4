import { describe, expect, it } from "@jest/globals";
import { runModule } from "../testing/run-module.ts";

const IMPORT = `const { loadGatewayConfig, runService, createLogger, createLifecycle } = await import("@gateway/service-kit");`;

describe("runService, as a process", () => {
  it("prints every fault of the configuration in plain words and exits with 1", async () => {
    const { code, stdout, stderr } = await runModule(
      `${IMPORT} await runService("ingress", async () => { loadGatewayConfig(process.env); console.log("started"); });`,
      { WECOM_CALLBACK_PORT: "99999", WECOM_CALLBACK_TOKEN: "not a token" },
    );
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^ingress did not start\. The configuration has 6 faults\. Nothing was started\.\n {2}1\. WECOM_/,
    );
    expect(stderr).toContain('WECOM_CALLBACK_PORT: found "99999"');
    expect(stderr).not.toContain("not a token");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("prints any other failure with its stack, without passwords, and exits with 1", async () => {
    const { code, stderr } = await runModule(
      `${IMPORT} await runService("worker", async () => { throw new Error("no redis://u:hunter2@host"); });`,
      {},
    );
    expect(code).toBe(1);
    expect(stderr).toContain("worker did not start. Error: no redis://u:[hidden]@host");
    expect(stderr).toMatch(/^\s+at /m);
  });

  it("leaves a service that works alone, which then ends by itself on SIGTERM", async () => {
    const { code, stdout } = await runModule(
      `${IMPORT} const net = await import("node:net");
       await runService("console", async () => {
         const logger = createLogger({ level: "info", service: "console" });
         const lifecycle = createLifecycle({ logger, graceMs: 5000 });
         lifecycle.install(process);
         const server = net.createServer().listen(0, "127.0.0.1");
         lifecycle.use("server", () => new Promise((resolve) => server.close(() => resolve())));
         process.kill(process.pid, "SIGTERM");
       });`,
      {},
    );
    expect(code).toBe(0);
    expect(stdout).toContain("shutdown: done");
    expect(stdout).not.toContain("still open");
  });

  it("logs a crash and exits with 1", async () => {
    const { code, stdout } = await runModule(
      `${IMPORT} await runService("console", async () => {
         const logger = createLogger({ level: "info", service: "console" });
         createLifecycle({ logger, graceMs: 5000 }).install(process);
         setInterval(() => Promise.reject(new Error("forgotten")), 1);
       });`,
      {},
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/"level":"fatal".*forgotten/);
  });
});
