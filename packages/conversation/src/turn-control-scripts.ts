import { createRedisScript } from "./redis-script.ts";

/** Sets a field of the running turn; nothing when none is running, so that it cannot hit the next one. */
export const markScript = createRedisScript(`
if tonumber(redis.call('HGET', KEYS[1], 'n') or '0') == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`);

/**
 * Stops the running turn unless it began with a message that came after the wish, or is the answer to it: a
 * command may be handled late or twice. What came of it is remembered for the second time.
 */
export const stopScript = createRedisScript(`
local turn, mailbox, done = KEYS[1], KEYS[2], KEYS[3]
local reason, cause, askedAtMs, windowMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local before = redis.call('GET', done)
if before then return tonumber(before) end
local stopped = 0
if tonumber(redis.call('HGET', turn, 'n') or '0') > 0 then
  local readable, head = pcall(cjson.decode, redis.call('LINDEX', mailbox, 0) or '')
  if not readable or (head.id ~= cause and head.receivedAtMs <= askedAtMs) then
    -- "new" is not taken back: what the run leaves belongs to the session that has ended.
    if redis.call('HGET', turn, 'stop') ~= 'new' then redis.call('HSET', turn, 'stop', reason) end
    stopped = 1
  end
end
redis.call('SET', done, stopped, 'PX', windowMs)
return stopped`);

/**
 * Adds messages once, all or none: at the tail, right behind the running turn ("next"), or only where nothing
 * runs or waits ("idle"), in which case the exchange that they are to replace is taken back.
 */
export const enqueueScript = createRedisScript(`
local mailbox, turn, pending, transcript, firstSeen = KEYS[1], KEYS[2], KEYS[3], KEYS[4], 5
local windowMs, conversation, now, place, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local replaced, firstEntry = ARGV[6], 7
if redis.call('EXISTS', KEYS[firstSeen]) == 1 then return 'repeated' end
local n, depth = tonumber(redis.call('HGET', turn, 'n') or '0'), redis.call('LLEN', mailbox)
if place == 'idle' and depth > 0 then return 'busy' end
if depth + #ARGV - firstEntry + 1 > limit then return 'full' end
for i = firstSeen, #KEYS do redis.call('SET', KEYS[i], now, 'PX', windowMs) end
if replaced ~= '' and redis.call('LINDEX', transcript, -1) == replaced then redis.call('RPOP', transcript) end
local last = place == 'next' and n > 0 and redis.call('LINDEX', mailbox, n - 1)
for i = (place == 'next' and not last) and #ARGV or firstEntry, (place == 'next' and not last) and firstEntry or #ARGV, (place == 'next' and not last) and -1 or 1 do
  if last then
    redis.call('LINSERT', mailbox, 'AFTER', last, ARGV[i])
    last = ARGV[i]
  elseif place == 'next' then
    redis.call('LPUSH', mailbox, ARGV[i])
  else
    redis.call('RPUSH', mailbox, ARGV[i])
  end
end
redis.call('ZADD', pending, 'NX', now, conversation)
return 'added'`);

/** Drops what waits behind the running turn and came before the wish; remembered for the second time. */
export const clearScript = createRedisScript(`
local mailbox, turn, done = KEYS[1], KEYS[2], KEYS[3]
local askedAtMs, windowMs = tonumber(ARGV[1]), ARGV[2]
local before = redis.call('GET', done)
if before then return tonumber(before) end
local n, dropped = tonumber(redis.call('HGET', turn, 'n') or '0'), 0
for _, entry in ipairs(redis.call('LRANGE', mailbox, n, -1)) do
  local readable, message = pcall(cjson.decode, entry)
  if readable and message.receivedAtMs <= askedAtMs then dropped = dropped + redis.call('LREM', mailbox, -1, entry) end
end
redis.call('SET', done, dropped, 'PX', windowMs)
return dropped`);
