import { hash } from "node:crypto";
import { createRequire } from "node:module";
import { REFUSED_MARK } from "./mailbox-entry.ts";
import type { RedisScript } from "./redis-script.ts";
import { createRedisScript } from "./redis-script.ts";

// The dedupe key is claimed in the step that stores the message, never before it: a crash cannot separate them.
// A message beyond the limit goes to the control lane instead, where the person is told that it was not taken; half of
// that lane is kept for commands, /stop before all. Where there is no room nothing is stored (2), and the id stays free
// for another push.
const ACCEPT = `
local seen, list, pending, control, pendingControls = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local windowMs, entry, conversation, now, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not redis.call('SET', seen, now, 'NX', 'PX', windowMs) then return 0 end
if redis.call('LLEN', list) >= limit then
  if list == control or redis.call('LLEN', control) >= limit / 2 then
    redis.call('DEL', seen)
    return 2
  end
  redis.call('RPUSH', control, '${REFUSED_MARK}' .. entry)
  redis.call('ZADD', pendingControls, 'NX', now, conversation)
  return 1
end
redis.call('RPUSH', list, entry)
redis.call('ZADD', pending, 'NX', now, conversation)
return 1`;

export const acceptScript = createRedisScript(ACCEPT);

/** What BullMQ's own script was when test/integration/conversation/acceptor.test.ts last proved the step below. */
const PROVEN_SHA1 = "5ab432e88830d573e2fa33392ffbd4ad25a9b100";

/** Jobs waiting for a worker: fewer are taken at once. */
const LONG_LINE = 50;
/** Messages of one app that may go to the front of a long line within a second. */
const FRONT_PER_SECOND = 20;

/**
 * Accepts a message and adds its job in one step, with BullMQ's own script: one command instead of two, and half the
 * computing time. How that script is called is no promise of BullMQ's; for any but the proven one the answer is
 * undefined, and the job is added by BullMQ itself.
 *
 * A crowd makes a long line. Whoever sends little meanwhile goes to its front; the job only wakes the conversation, whose
 * own order is that of its list.
 */
export function createAcceptWithJobScript(addJob = readBullmqScript()): RedisScript | undefined {
  if (addJob === undefined || hash("sha1", addJob) !== PROVEN_SHA1) return undefined;
  return createRedisScript(`
local function accept(KEYS, ARGV)${ACCEPT}
end
local function addJob(KEYS, ARGV)
${addJob}
end
local now, queue, id, name, job, options = ARGV[4], ARGV[6], ARGV[7], ARGV[8], ARGV[9], cjson.decode(ARGV[10])
options.jobId = id
local keys = {}
for i, key in ipairs({'wait', 'paused', 'meta', 'id', 'completed', 'delayed', 'active', 'events', 'marker'}) do
  keys[i] = queue .. key
end
local accepted = accept(KEYS, ARGV)
if accepted == 2 then return accepted end
if redis.call('LLEN', keys[1]) > ${LONG_LINE} then
  local sent = redis.call('INCR', KEYS[6])
  if sent == 1 then redis.call('PEXPIRE', KEYS[6], 1000) end
  options.lifo = sent <= ${FRONT_PER_SECOND} or nil
end
addJob(keys, {cmsgpack.pack({queue, id, name, now}), job, cmsgpack.pack(options)})
return accepted`);
}

function readBullmqScript(): string | undefined {
  try {
    const module = createRequire(import.meta.url)("bullmq/dist/cjs/scripts/addStandardJob-9.js");
    return String(module.addStandardJob.content);
  } catch {
    return undefined;
  }
}
