import type { InboundMessage } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import { appSettings } from "../testing/app-settings.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAccessPolicy } from "./access-policy.ts";
import { createCheckAccess } from "./check-access.ts";

const deadline = { lastAttemptAtMs: 3500, cutAtMs: 4500 };
const policy = createAccessPolicy(
  appSettings({ allowAllUsers: false, allowedUsers: ["lisi"], pairing: true }),
);

function from(userId: string, message: object = { kind: "text", content: "hi" }): InboundMessage {
  return { v: 1, id: "cb-1", userId, message } as InboundMessage;
}

function harness(answer: () => Promise<"approved" | "denied">) {
  const clock = createManualClock();
  const words: string[] = [];
  const gatekeeper = {
    ask: (_message: InboundMessage, word: string) => {
      words.push(word);
      return answer();
    },
  };
  return { clock, words, check: createCheckAccess({ gatekeeper, clock, retryEveryMs: 200 }) };
}

describe("the access of a sender", () => {
  it("is no question for Redis when they are listed", async () => {
    const { check, words } = harness(() => Promise.reject(new Error("must not be asked")));
    expect(await check(policy, from("LiSi"), deadline)).toEqual({ status: "allowed" });
    expect(words).toEqual([]);
  });

  it("is what Redis says about everybody else, asked anew each time", async () => {
    const answers = ["denied", "approved", "denied"] as const;
    let asked = 0;
    const { check } = harness(async () => answers[asked++] ?? "denied");
    const statuses = [];
    for (const _ of answers) statuses.push((await check(policy, from("zhangsan"), deadline)).status);
    expect(statuses).toEqual(["denied", "allowed", "denied"]);
  });

  it("is not denied but unknown when Redis stays silent; short trouble is bridged", async () => {
    let down = true;
    const { check, clock } = harness(async () => {
      if (down) throw new Error("Connection is closed.");
      return "approved";
    });
    const first = check(policy, from("zhangsan"), deadline);
    await clock.advance(5000);
    expect(await first).toEqual({ status: "failed", code: "store_not_connected" });

    const later = { lastAttemptAtMs: 8500, cutAtMs: 9500 };
    const second = check(policy, from("zhangsan"), later);
    await clock.advance(1000);
    down = false;
    await clock.advance(300);
    expect(await second).toEqual({ status: "allowed" });
  });

  it("is talked about with who writes or presses a menu button, not with who opens the app", async () => {
    const { check, words } = harness(async () => "denied");
    for (const event of ["click", "enter_agent", "location"]) {
      await check(policy, from("zhangsan", { kind: "event", event }), deadline);
    }
    await check(policy, from("zhangsan", { kind: "image" }), deadline);
    expect(words).toEqual(["code", "nothing", "nothing", "code"]);
  });
});
