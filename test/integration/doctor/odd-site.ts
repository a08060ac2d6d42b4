import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface OddSite {
  /** `/<way>` answers in that way. */
  readonly url: string;
  close(): Promise<void>;
}

/** What stands between WeCom and an ingress when it goes wrong: proxies, logins, default pages. */
export async function startOddSite(ingressUrl: string): Promise<OddSite> {
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1");
    const real = async () => (await fetch(ingressUrl + search)).text();
    switch (pathname) {
      case "/redirect":
        return response.writeHead(301, { location: `/login${search}` }).end();
      case "/html":
        return response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><p>Welcome</p>");
      case "/bad-gateway":
        return response.writeHead(502).end("upstream down");
      case "/line-end":
        return response.end(`${await real()}\n`);
      case "/other":
        return response.end("hello");
      case "/slow": {
        const answer = await real();
        return setTimeout(() => response.end(answer), 1100);
      }
      case "/silent":
        return undefined;
      default:
        return response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
