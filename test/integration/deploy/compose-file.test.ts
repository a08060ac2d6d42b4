import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { REPOSITORY } from "../../support/process.ts";

// Retires the risk that the stack fills a disk, outgrows a container, or does not hear a setting that .env has.

interface Service {
  readonly image?: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly mem_limit?: string;
  readonly ports?: readonly string[];
}

const file = readFileSync(join(REPOSITORY, "docker-compose.yml"), "utf8");
const { services } = parse(file, { merge: true }) as { services: Readonly<Record<string, Service>> };
const all = Object.entries(services);
const built = all.filter(([, { build }]) => build !== undefined);

/** As Compose fills in `${NAME:-default}`. */
const filled = (text: string, env: Readonly<Record<string, string>> = {}) =>
  text.replace(/\$\{([A-Z_]+):-([^}]*)\}/g, (_, name: string, otherwise: string) => env[name] || otherwise);

describe("docker-compose.yml", () => {
  it.each(all)("%s keeps a bounded log and has a bound for its memory", (_, service) => {
    expect(service.logging?.options).toEqual({ "max-size": "50m", "max-file": "5" });
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  });

  it("leaves Redis room for a copy of itself while it rewrites its file", () => {
    const { command = [], mem_limit = "" } = services.redis ?? {};
    expect(command[command.indexOf("--maxmemory") + 1]).toBe("1gb");
    expect(Number.parseInt(mem_limit, 10)).toBeGreaterThan(2 * 1024);
  });

  it.each(built)("%s uses the Redis of .env, or the one beside it", (_, { environment = {} }) => {
    const url = environment.REDIS_URL ?? "";
    expect(filled(url)).toBe("redis://redis:6379");
    expect(filled(url, { REDIS_URL: "rediss://user@redis.example.com" })).toBe(
      "rediss://user@redis.example.com",
    );
  });

  it.each(built)("%s is built from the usual places, or from those of .env", (_, { build }) => {
    const { NODE_IMAGE = "", NPM_CONFIG_REGISTRY = "" } = build?.args ?? {};
    expect([filled(NODE_IMAGE), filled(NPM_CONFIG_REGISTRY)]).toEqual(["node:24-bookworm-slim", ""]);
    const mirror = { NODE_IMAGE: "mirror/node", NPM_CONFIG_REGISTRY: "https://npm.example.com/" };
    expect([filled(NODE_IMAGE, mirror), filled(NPM_CONFIG_REGISTRY, mirror)]).toEqual(Object.values(mirror));
  });

  it("takes images of Redis and the balancer from elsewhere where .env says so", () => {
    expect(filled(services.redis?.image ?? "", { REDIS_IMAGE: "mirror/redis" })).toBe("mirror/redis");
    expect(filled(services.balancer?.image ?? "", { HAPROXY_IMAGE: "mirror/haproxy" })).toBe(
      "mirror/haproxy",
    );
  });

  it("gives the command line the console's token", () => {
    const token = services.gateway?.environment?.GATEWAY_API_TOKEN ?? "";
    expect(filled(token, { CONSOLE_API_TOKEN: "the-token" })).toBe("the-token");
  });
});
