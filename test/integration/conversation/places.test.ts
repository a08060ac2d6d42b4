import { createKeys, createPlaces } from "@gateway/conversation";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

let server: TestRedis;
beforeEach(async () => {
  server = await startRedis();
});
afterEach(() => server.stop());

const one = { name: "one", id: "id-1" };
const oneAgain = { name: "one", id: "id-2" };
const two = { name: "two", id: "id-3" };

function setUp(graceMs: number) {
  const redis = server.client();
  const keys = createKeys(server.prefix);
  const places = createPlaces({ redis, keys, deadAfterMs: 200, graceMs });
  const beat = async (id: string) => {
    const [seconds] = await redis.time();
    await redis.zadd(keys.workers, Number(seconds) * 1000 + 3_600_000, id);
  };
  return { places, beat, leave: (id: string) => redis.zrem(keys.workers, id) };
}

it("a person stays with the worker that serves them while it lives", async () => {
  const { places, beat } = setUp(0);
  await beat(one.id);
  expect(await places.claim("p", one)).toBe("here");
  expect(await places.claim("p", two)).toBe("elsewhere");
  expect(await places.claim("p", oneAgain)).toBe("elsewhere");
  expect(await places.claim("p", one)).toBe("here");
  expect(await places.claim("other", two)).toBe("here");
});

it("goes to a worker of the same name as soon as the one before has left", async () => {
  const { places, beat, leave } = setUp(3_600_000);
  await beat(one.id);
  await places.claim("p", one);
  await leave(one.id);
  expect(await places.claim("p", two)).toBe("elsewhere");
  expect(await places.claim("p", oneAgain)).toBe("here");
});

it("goes to another worker when its own has been gone for long", async () => {
  const { places } = setUp(150);
  await places.claim("p", one);
  expect(await places.claim("p", two)).toBe("elsewhere");
  await waitUntil("the grace is over", async () => (await places.claim("p", two)) === "here");
});

it("an absence ends with the next beat: an outage of Redis moves nobody", async () => {
  const { places, beat } = setUp(0);
  await places.claim("p", one);
  expect(await setUp(3_600_000).places.claim("p", two)).toBe("elsewhere");
  await beat(one.id);
  expect(await places.claim("p", two)).toBe("elsewhere");
});
