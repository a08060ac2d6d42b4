import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeys } from "@gateway/conversation";
import type { AccessRegistry } from "@gateway/conversation/access";
import { createAccessRegistry, showPairingCode } from "@gateway/conversation/access";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { makeApp } from "../../scripts/lib/demo-apps.mjs";
import { browserAvailable, launchBrowser } from "../support/browser.ts";
import type { TestRedis } from "../support/redis.ts";
import { startRedis } from "../support/redis.ts";
import type { ServiceHandle } from "../support/service.ts";
import { createService } from "../support/service.ts";

const PASSWORD = "correct horse battery";
const [sales, research] = [
  makeApp({ name: "sales", agentId: "1000002" }),
  makeApp({ name: "research", agentId: "1000003" }),
];
const refOf = (app: typeof sales) => ({ corpId: app.corp_id, agentId: app.agent_id, appName: app.name });

(browserAvailable() ? describe : describe.skip)("who may talk, in a browser", () => {
  let redis: TestRedis;
  let folder: string;
  let console: ServiceHandle;
  let browser: Browser;
  let registry: AccessRegistry;

  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), "gateway-console-"));
    const file = join(folder, "gateway.yaml");
    const access = { pairing: "true", admin_users: ["boss"], allowed_users: ["lisi"] };
    const apps = [
      { ...sales, ...access },
      { ...research, admin_users: ["boss"] },
    ];
    await writeFile(file, JSON.stringify({ platforms: { wecom_callback: { extra: { apps } } } }));
    const env = { GATEWAY_CONFIG: file, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix };
    console = await createService({
      service: "console",
      portVariable: "CONSOLE_PORT",
      env: { ...env, CONSOLE_PASSWORD: PASSWORD },
    });
    await console.start();
    registry = createAccessRegistry({
      redis: redis.client(),
      keys: createKeys(redis.prefix),
      wakeControl: async () => undefined,
      now: Date.now,
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await console?.kill();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function codeFor(userId: string): Promise<string> {
    const asked = await registry.request(refOf(sales), userId);
    if (asked.status !== "open") throw new Error(`no code: ${asked.status}`);
    return showPairingCode(asked.request.code);
  }

  it("approves whoever asks while the page is open, revokes, and lets in by user id", async () => {
    await registry.admit(refOf(sales), "lisi", "boss");
    const page = await (await browser.newContext({ locale: "en-US" })).newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(`${console.url}/access`);
    await page.getByLabel("User").fill("admin");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Nobody waits to be let in").waitFor();

    // What was typed stays while the lists above it are renewed.
    await page.getByLabel("User id").fill("wangwu");
    const code = await codeFor("zhangsan");
    await page.getByText(code).waitFor();
    await page.getByRole("heading", { name: "1 person waits to be let in" }).waitFor();
    expect(await page.getByLabel("User id").inputValue()).toBe("wangwu");

    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("zhangsan may talk to sales now").waitFor();
    expect(await registry.isApproved(refOf(sales), "zhangsan")).toBe(true);

    await page.getByLabel("App").selectOption("research");
    await page.getByLabel("User id").fill("wangwu");
    await page.getByRole("button", { name: "Let in" }).click();
    await page.getByText("wangwu may talk to research now").waitFor();

    const row = page.locator("tr", { hasText: "zhangsan" });
    page.once("dialog", (dialog) => void dialog.dismiss());
    await row.getByRole("button", { name: "Revoke" }).click();
    expect(await registry.isApproved(refOf(sales), "zhangsan")).toBe(true);
    page.once("dialog", (dialog) => void dialog.accept());
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("zhangsan may not talk to sales any more").waitFor();
    expect(await registry.isApproved(refOf(sales), "zhangsan")).toBe(false);
    expect(faults).toEqual([]);
  });
});
