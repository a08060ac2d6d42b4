import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { createDownload, DownloadError } from "./download.ts";

let server: Server;
let port: number;
let handle: RequestListener;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    handle(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => void asked.splice(0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Only 127.0.0.1 plays the public internet. */
const names: Record<string, string[]> = {
  "public.test": ["127.0.0.1"],
  "private.test": ["10.0.0.1"],
  "mixed.test": ["127.0.0.1", "192.168.0.1"],
  "nothing.test": [],
};
const download = createDownload({
  resolve: async (host) => names[host] ?? Promise.reject(new Error("not found")),
  isAllowed: (address) => address === "127.0.0.1",
});
const never = new AbortController().signal;
const at = (host: string, path = "/") => `http://${host}:${port}${path}`;
const codeOf = (url: string, from = download, signal = never) =>
  from(url, signal).then(
    () => "downloaded",
    (error: unknown) => (error instanceof DownloadError ? error.code : String(error)),
  );

describe("a download", () => {
  it("gets the file from the address that was checked", async () => {
    handle = (_, response) => response.setHeader("content-type", "image/png").end("pixels");
    const { name, contentType, stream } = await download(
      at("public.test", "/d/%E5%9B%BE.png?token=1"),
      never,
    );
    expect({ name, contentType, body: await text(stream) }).toEqual({
      name: "图.png",
      contentType: "image/png",
      body: "pixels",
    });
    expect(asked).toEqual([`public.test:${port}/d/%E5%9B%BE.png?token=1`]);
  });

  it("asks the resolver once for each connection: a second answer cannot differ", async () => {
    let answers = 0;
    const rebinding = createDownload({
      resolve: async () => [answers++ === 0 ? "127.0.0.1" : "10.0.0.1"],
      isAllowed: (address) => address === "127.0.0.1",
    });
    handle = (_, response) => response.end("pixels");
    (await rebinding(at("rebinding.test"), never)).stream.destroy();
    expect(answers).toBe(1);
  });

  it.each(["private.test", "mixed.test", "10.0.0.1", "[::1]", "2130706434", "0x7f.2"])(
    "does not go to %s",
    async (host) => {
      expect(await codeOf(at(host))).toBe("address_refused");
      expect(asked).toEqual([]);
    },
  );

  it.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254"])(
    "does not go to %s by its own rules",
    async (host) => {
      expect(await codeOf(at(host), createDownload())).toBe("address_refused");
      expect(asked).toEqual([]);
    },
  );

  it.each(["ftp://public.test/a", "file:///etc/passwd", "http://user:pass@public.test/", "http://", "/a"])(
    "does not take %s",
    async (url) => {
      expect(await codeOf(url)).toBe("url_invalid");
    },
  );

  it.each([
    ["a private address", "http://10.0.0.1/", "address_refused"],
    ["a private name", "http://private.test/", "address_refused"],
    ["a file", "file:///etc/passwd", "url_invalid"],
    ["a user", "http://a:b@public.test/", "url_invalid"],
    ["nowhere", "", "url_invalid"],
  ])("does not follow a redirect to %s", async (_, location, code) => {
    handle = (__, response) => response.writeHead(302, location === "" ? {} : { location }).end();
    expect(await codeOf(at("public.test"))).toBe(
      code === "url_invalid" && location === "" ? "redirects" : code,
    );
  });

  it("follows three redirects and no more", async () => {
    handle = ({ url }, response) => {
      const left = Number(url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    };
    expect(await text((await download(at("public.test", "/3"), never)).stream)).toBe("there");
    expect(await codeOf(at("public.test", "/4"))).toBe("redirects");
  });

  it.each([404, 500, 204, 304])("takes no answer %i", async (status) => {
    handle = (_, response) => response.writeHead(status).end();
    expect(await codeOf(at("public.test"))).toBe("status");
  });

  it("takes no compressed answer", async () => {
    handle = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    expect(await codeOf(at("public.test"))).toBe("encoding");
  });

  it("tells of a network that does not work", async () => {
    handle = (request) => request.destroy();
    expect(await codeOf(at("public.test"))).toBe("network");
    expect(await codeOf(at("unknown.test"))).toBe("network");
    expect(await codeOf(at("nothing.test"))).toBe("address_refused");
  });

  it("ends when it is told to, also while the file arrives", async () => {
    const told = new AbortController();
    handle = () => told.abort();
    expect(await codeOf(at("public.test"), download, told.signal)).toBe("network");

    const later = new AbortController();
    handle = (_, response) => response.writeHead(200, { "content-length": 100 }).write("first");
    const { stream } = await download(at("public.test"), later.signal);
    const read = text(stream);
    later.abort();
    await expect(read).rejects.toThrow();
  });
});
