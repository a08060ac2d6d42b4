import { createRedisScript } from "./redis-script.ts";

/*
 * One hash per app: open ("1" or "0"), since, next (when the next probe may go), failures in a row, probe and
 * probeUntil (who is probing), code, and problem (JSON for people). All times by Redis's clock.
 */
const PRELUDE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state, open = KEYS[1], KEYS[2]
local function whole(number) return string.format('%d', number) end
`;

/**
 * KEYS state, open apps · ARGV probe id, lease ms of a probe, wait ms while another probes
 * → {"closed"} | {"probe"} | {"open", ms}
 */
export const enterScript = createRedisScript(`${PRELUDE}
local known = redis.call('HMGET', state, 'open', 'next', 'probeUntil')
if known[1] ~= '1' then return {'closed'} end
if now < tonumber(known[2]) then return {'open', known[2] - now} end
if known[3] and now < tonumber(known[3]) then return {'open', tonumber(ARGV[3])} end
redis.call('HSET', state, 'probe', ARGV[1], 'probeUntil', whole(now + ARGV[2]))
return {'probe'}
`);

/**
 * Opens the breaker, or keeps it open when a probe failed. Failures that were under way when it opened change nothing.
 * KEYS state, open apps · ARGV app, probe id or "", code, problem, first pause ms, longest pause ms, ms for which
 * failures in a row are remembered
 * → {"opened" | "changed" | "known", ms until the next probe}
 */
export const failScript = createRedisScript(`${PRELUDE}
local known = redis.call('HMGET', state, 'open', 'next', 'probe', 'code', 'failures')
local isOpen = known[1] == '1'
if isOpen and known[3] ~= ARGV[2] then return {'known', math.max(known[2] - now, 1)} end
local failures = (known[5] or 0) + 1
local pause = math.min(ARGV[5] * 2 ^ math.min(failures - 1, 20), tonumber(ARGV[6]))
redis.call('HSET', state, 'open', '1', 'next', whole(now + pause), 'failures', failures, 'code', ARGV[3], 'problem', ARGV[4])
redis.call('HDEL', state, 'probe', 'probeUntil')
redis.call('PERSIST', state)
redis.call('SADD', open, ARGV[1])
local what = 'known'
if not isOpen then
  redis.call('HSET', state, 'since', whole(now))
  what = 'opened'
elseif known[4] ~= ARGV[3] then
  what = 'changed'
end
return {what, pause}
`);

/**
 * A probe ended without proof of anything: the next may go after as long as before.
 * KEYS state, open apps · ARGV probe id, ms
 */
export const releaseScript = createRedisScript(`${PRELUDE}
if redis.call('HGET', state, 'probe') ~= ARGV[1] then return 0 end
redis.call('HDEL', state, 'probe', 'probeUntil')
redis.call('HSET', state, 'next', whole(now + ARGV[2]))
return 1
`);

/**
 * KEYS state, open apps · ARGV app, probe id, ms for which failures in a row are remembered
 * → ms for which it was open, -1 when this was not its probe
 */
export const healScript = createRedisScript(`${PRELUDE}
local known = redis.call('HMGET', state, 'open', 'probe', 'since')
if known[1] ~= '1' or known[2] ~= ARGV[2] then return -1 end
redis.call('HSET', state, 'open', '0')
redis.call('HDEL', state, 'probe', 'probeUntil', 'next', 'since', 'code', 'problem')
redis.call('PEXPIRE', state, ARGV[3])
redis.call('SREM', open, ARGV[1])
return now - known[3]
`);
