import type { CheckpointPlace, Checkpoints, Fence } from "@gateway/conversation";
import { createCheckpoints, createKeys, createSessions } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

// Retires the risk that a run is found again by somebody whose run it is not.

let server: TestRedis;
let redis: Redis;
let checkpoints: Checkpoints;
let keys: ReturnType<typeof createKeys>;
let conversations = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
  keys = createKeys(server.prefix);
  checkpoints = createCheckpoints({ redis, keys });
});
afterAll(() => server.stop());

async function newPlace(): Promise<{ place: CheckpointPlace; fence: Fence }> {
  conversations += 1;
  const conversation = `ww1:2:user-${conversations}`;
  const jobId = `job-${conversations}`;
  const fence = { jobId, lockKey: `${server.prefix}:turns:${jobId}:lock`, token: "ours" };
  await redis.set(fence.lockKey, "ours");
  return { place: { conversation, turnId: "re-1", runner: "acp", epoch: 0 }, fence };
}

const both = { run: { id: "run-1" }, session: { id: "session-1" } };

describe("checkpoints", () => {
  it("keeps both parts, and each that a later one does not give", async () => {
    const { place, fence } = await newPlace();
    expect(await checkpoints.read(place)).toEqual({ steps: [] });
    expect(await checkpoints.save(place, fence, both)).toBe(true);
    expect(await checkpoints.read(place)).toEqual({ ...both, steps: [] });
    await checkpoints.save(place, fence, { run: { id: "run-2" } });
    await checkpoints.save(place, fence, {});
    expect(await checkpoints.read(place)).toEqual({ ...both, run: { id: "run-2" }, steps: [] });
  });

  it("takes nothing from a worker that has lost the turn", async () => {
    const { place, fence } = await newPlace();
    await checkpoints.save(place, fence, both);
    await redis.set(fence.lockKey, "another's");
    expect(await checkpoints.save(place, fence, { run: { id: "ghost" }, session: {} })).toBe(false);
    await redis.del(fence.lockKey);
    expect(await checkpoints.save(place, fence, { run: { id: "ghost" } })).toBe(false);
    expect(await checkpoints.read(place)).toEqual({ ...both, steps: [] });
  });

  it("takes nothing that is too big, and says so", async () => {
    const { place, fence } = await newPlace();
    const big = { run: { text: "字".repeat(22_000) } };
    await expect(checkpoints.save(place, fence, big)).rejects.toThrow(/bytes; at most 65536/);
    expect(await checkpoints.read(place)).toEqual({ steps: [] });
  });

  it("gives a run to the same turn and runner only, a session to the same runner and session only", async () => {
    const { place, fence } = await newPlace();
    await checkpoints.save(place, fence, both);
    expect(await checkpoints.read({ ...place, turnId: "re-2" })).toEqual({
      session: both.session,
      steps: [],
    });
    expect(await checkpoints.read({ ...place, runner: "hermes" })).toEqual({ steps: [] });
    expect(await checkpoints.read({ ...place, epoch: 1 })).toEqual({ run: both.run, steps: [] });
  });

  it("forgets the session with /new, and takes none for it from a run that began before", async () => {
    const { place, fence } = await newPlace();
    await checkpoints.save(place, fence, both);
    const sessions = createSessions({ redis, keys, now: Date.now });
    const epoch = await sessions.renew(place.conversation, "cb-new");
    expect(await checkpoints.read({ ...place, epoch })).toEqual({ run: both.run, steps: [] });
    expect(await checkpoints.save(place, fence, { session: { id: "late" } })).toBe(true);
    expect(await checkpoints.read({ ...place, epoch })).toEqual({ run: both.run, steps: [] });
  });
});
