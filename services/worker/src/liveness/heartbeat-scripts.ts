import { createRedisScript } from "@gateway/conversation";

/** Redis's own clock: workers on several hosts are compared by one. */
const NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)";

export const beatScript = createRedisScript(`
${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return now`);

export const leaveScript = createRedisScript(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1`);

/**
 * A judgement that Redis receives late (it was down, or the judge was) is none: meanwhile everybody was silent.
 * ARGV: …, silence ms, the judge's own last heartbeat by Redis's clock.
 */
const STALE = "now - tonumber(ARGV[3]) > tonumber(ARGV[2]) / 2";

/** Workers, other than ARGV[1], who asks, whose last heartbeat is older than ARGV[2] ms. */
export const silentScript = createRedisScript(`
${NOW}
if ${STALE} then return {} end
local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
local others = {}
for _, id in ipairs(silent) do if id ~= ARGV[1] then others[#others + 1] = id end end
return others`);

/**
 * Deletes the locks that a silent worker holds, so that the next stalled check hands its jobs on. The silence is
 * checked again in the same step. ARGV: worker, silence ms, the judge's last heartbeat, then the BullMQ worker ids of
 * the silent one; KEYS from the second on:
 * the active lists of the queues, whose lock keys are the queue's key prefix + job id + ":lock".
 */
export const releaseScript = createRedisScript(`
${NOW}
local beat = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ${STALE} or not beat or tonumber(beat) > now - ARGV[2] then return -1 end
local dead = {}
for i = 4, #ARGV do dead[ARGV[i]] = true end
local released = 0
for k = 2, #KEYS do
  local prefix = string.sub(KEYS[k], 1, -7)
  for _, jobId in ipairs(redis.call('LRANGE', KEYS[k], 0, -1)) do
    local lock = prefix .. jobId .. ':lock'
    local token = redis.call('GET', lock)
    if token and dead[string.match(token, '^([^:]+)')] then
      redis.call('DEL', lock)
      released = released + 1
    end
  end
end
redis.call('ZREM', KEYS[1], ARGV[1])
return released`);
