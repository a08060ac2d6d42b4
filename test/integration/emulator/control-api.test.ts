import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { Receiver, Running } from "./harness.ts";
import { APP, startEmulator, startReceiver } from "./harness.ts";

let wecom: Running;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver(APP);
  wecom = await startEmulator({ apps: [{ ...APP, callbackUrl: receiver.url }] });
});
afterEach(async () => {
  await wecom.emulator.close();
  await receiver.close();
});

const post = async (path: string, body: unknown) =>
  (await wecom.control(path, { method: "POST", body })).json();

/** fetch hides Host and Origin from its caller; this does not. */
function statusWith(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${wecom.url}/_emulator/apps`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("who may use the control API", () => {
  const host = () => new URL(wecom.url).host;
  it("lets programs and its own page in", async () => {
    expect(await statusWith({})).toBe(200);
    expect(await statusWith({ origin: wecom.url, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await statusWith({ host: "emulator:8650" })).toBe(200);
  });

  it("keeps pages of other sites out, however they come", async () => {
    expect(await statusWith({ origin: "https://evil.example" })).toBe(403);
    expect(await statusWith({ origin: "null" })).toBe(403);
    expect(await statusWith({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusWith({ "sec-fetch-site": "same-site", host: host() })).toBe(403);
    expect(await statusWith({ host: "rebound.evil.example" })).toBe(403);
  });

  it("takes JSON only, so that no form can send it", async () => {
    const response = await fetch(`${wecom.url}/_emulator/reset`, { method: "POST", body: "{}" });
    expect(response.status).toBe(415);
  });

  it("gives away no secret", async () => {
    const text = await (await wecom.control("apps")).text();
    for (const secret of [APP.corpSecret, APP.token, APP.encodingAesKey]) expect(text).not.toContain(secret);
  });
});

describe("acting through the control API", () => {
  it("pushes as a member and waits for the end when asked", async () => {
    const push = { app: APP.name, user: "lisi", content: { type: "text", content: "hi" } };
    expect(await post("pushes", { ...push, wait: true })).toMatchObject({ status: "acknowledged" });
    const { id, status } = (await post("pushes", push)) as { id: string; status: string };
    expect(status).toBe("pending");
    await waitUntil("the push ended", () => wecom.emulator.pushes().at(-1)?.status === "acknowledged");
    expect(await post(`pushes/${id}/repeat`, { wait: true })).toMatchObject({ attempts: [{}, {}] });
    expect(receiver.received).toHaveLength(3);
  });

  it("explains what is wrong with a request", async () => {
    const answers = await Promise.all([
      wecom.control("pushes", {
        method: "POST",
        body: { app: "nobody", user: "u", content: { type: "enter_agent" } },
      }),
      wecom.control("pushes", {
        method: "POST",
        body: { app: APP.name, user: "u", content: { type: "dance" } },
      }),
      wecom.control("pushes", {
        method: "POST",
        body: { app: APP.name, user: "a b", content: { type: "enter_agent" } },
      }),
      wecom.control("sent?app=a&app=b"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400]);
  });

  it("shows the chat as the member sees it, and what was held back from the member", async () => {
    await post("pushes", {
      app: APP.name,
      user: "zhangsan",
      content: { type: "text", content: "hi" },
      wait: true,
    });
    await wecom.send('see <a href="https://a.example">this</a>');
    const { items } = (await (await wecom.control(`chat?app=${APP.name}&user=ZHANGSAN`)).json()) as {
      items: unknown[];
    };
    expect(items).toMatchObject([
      { side: "member", status: "acknowledged", content: { content: "hi" } },
      {
        side: "app",
        status: "delivered",
        layout: { segments: [{ text: "see " }, { href: "https://a.example" }] },
      },
    ]);
  });

  it("takes a picture from a member and lets the gateway fetch it", async () => {
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    const upload = await fetch(`${wecom.url}/_emulator/media?app=${APP.name}&type=image&filename=p.png`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array(png),
    });
    const { mediaId } = (await upload.json()) as { mediaId: string };
    await post("pushes", { app: APP.name, user: "u", content: { type: "image", mediaId }, wait: true });
    const message = receiver.received[0]?.message;
    const picUrl = message?.kind === "image" ? message.picUrl : "";
    expect(Buffer.from(await (await fetch(picUrl)).arrayBuffer())).toEqual(png);
    const media = await fetch(
      `${wecom.url}/cgi-bin/media/get?access_token=${await wecom.token()}&media_id=${mediaId}`,
    );
    expect(Buffer.from(await media.arrayBuffer())).toEqual(png);
  });

  it("changes apps, tokens, clock and policy, and forgets it all on reset", async () => {
    const change = { method: "PATCH", body: { trustedIps: ["10.0.0.1"], stopped: false } };
    expect(await (await wecom.control(`apps/${APP.name}`, change)).json()).toMatchObject({
      trustedIps: ["10.0.0.1"],
    });
    expect((await wecom.send("x")).errcode).toBe(60020);
    expect(await post("tokens/revoke", {})).toEqual({ ended: 1 });
    await wecom.token();
    expect(await post("tokens/expire", { app: APP.name })).toEqual({ ended: 1 });
    await post("clock", { advanceMs: 1000 });
    const policy = await wecom.control("callback-policy", {
      method: "PATCH",
      body: { nonOkRetry: "always" },
    });
    expect(await policy.json()).toMatchObject({ nonOkRetry: "always", attempts: 3 });
    await post("reset", {});
    expect((await wecom.send("x")).errcode).toBe(0);
    expect(wecom.emulator.callbackPolicy().nonOkRetry).toBe("never");
    expect(wecom.emulator.callCounts()).toEqual({ gettoken: 1, "message/send": 1 });
  });

  it("streams changes to whoever looks", async () => {
    const stop = new AbortController();
    const response = await fetch(`${wecom.url}/_emulator/events`, { signal: stop.signal });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    let text = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    })().catch(() => undefined);
    await wecom.send("hello");
    await waitUntil("the change was streamed", () => text.includes('"topic":"message"'));
    expect(text).toContain('"users":["zhangsan"]');
    stop.abort();
    await reading;
  });
});

describe("the page", () => {
  it("comes with a policy that lets nothing foreign in", async () => {
    const page = await fetch(`${wecom.url}/`);
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await fetch(`${wecom.url}/..%2fpackage.json`)).status).toBeGreaterThanOrEqual(400);
  });

  it("offers uploaded HTML for download, never as a page", async () => {
    const media = wecom.emulator.addMedia({
      corpId: APP.corpId,
      type: "file",
      filename: "x.html",
      contentType: "text/html",
      content: Buffer.from("<script>alert(1)</script>"),
    });
    const response = await fetch(`${wecom.url}/_emulator/media/${media.mediaId}`);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toContain("attachment");
  });
});
