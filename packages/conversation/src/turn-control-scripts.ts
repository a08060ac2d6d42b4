import { createRedisScript } from "./redis-script.ts";

/** Sets a field of the running turn; nothing when none is running, so that it cannot hit the next one. */
export const markScript = createRedisScript(`
if tonumber(redis.call('HGET', KEYS[1], 'n') or '0') == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`);

/**
 * Stops the running turn unless it began with a message that came after the wish, or is the answer to it: a
 * command may be handled late or twice. A wish about one turn, named by its first message, stops no other. What came of
 * it is remembered for the second time.
 */
export const stopScript = createRedisScript(`
local turn, mailbox, done = KEYS[1], KEYS[2], KEYS[3]
local reason, cause, askedAtMs, windowMs, only = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local before = redis.call('GET', done)
if before then return tonumber(before) end
local stopped = 0
if tonumber(redis.call('HGET', turn, 'n') or '0') > 0 then
  local readable, head = pcall(cjson.decode, redis.call('LINDEX', mailbox, 0) or '')
  if not readable or type(head) ~= 'table' then head = {} end
  local meant = only == '' or head.id == only
  if meant and head.id ~= cause and (head.receivedAtMs or 0) <= askedAtMs then
    -- "new" is not taken back: what the run leaves belongs to the session that has ended.
    if redis.call('HGET', turn, 'stop') ~= 'new' then redis.call('HSET', turn, 'stop', reason) end
    stopped = 1
  end
end
redis.call('SET', done, stopped, 'PX', windowMs)
return stopped`);

/** Adds a message once: at the tail, or right behind the running turn ("next"). */
export const enqueueScript = createRedisScript(`
local mailbox, turn, pending, seen = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local conversation, now, windowMs, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local place, entry = ARGV[5], ARGV[6]
if redis.call('EXISTS', seen) == 1 then return 'repeated' end
if redis.call('LLEN', mailbox) >= limit then return 'full' end
redis.call('SET', seen, now, 'PX', windowMs)
local n = tonumber(redis.call('HGET', turn, 'n') or '0')
if place == 'next' and n > 0 then
  redis.call('LINSERT', mailbox, 'AFTER', redis.call('LINDEX', mailbox, n - 1), entry)
elseif place == 'next' then
  redis.call('LPUSH', mailbox, entry)
else
  redis.call('RPUSH', mailbox, entry)
end
redis.call('ZADD', pending, 'NX', now, conversation)
return 'added'`);

/** Adds the messages of a turn again, once and only where nothing runs or waits, and takes back its exchange. */
export const repeatScript = createRedisScript(`
local mailbox, transcript, pending, seen = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local conversation, now, windowMs, replaced, firstEntry = ARGV[1], ARGV[2], ARGV[3], ARGV[4], 5
if redis.call('EXISTS', seen) == 1 then return 'repeated' end
if redis.call('LLEN', mailbox) > 0 then return 'busy' end
redis.call('SET', seen, now, 'PX', windowMs)
if replaced ~= '' and redis.call('LINDEX', transcript, -1) == replaced then redis.call('RPOP', transcript) end
for i = firstEntry, #ARGV do redis.call('RPUSH', mailbox, ARGV[i]) end
redis.call('ZADD', pending, 'NX', now, conversation)
return 'added'`);

/** Drops what waits behind the running turn and came before the wish; remembered for the second time. */
export const clearScript = createRedisScript(`
local mailbox, turn, done = KEYS[1], KEYS[2], KEYS[3]
local askedAtMs, windowMs = tonumber(ARGV[1]), ARGV[2]
local before = redis.call('GET', done)
if before then return before end
local n, dropped = tonumber(redis.call('HGET', turn, 'n') or '0'), {}
for _, entry in ipairs(redis.call('LRANGE', mailbox, n, -1)) do
  local readable, message = pcall(cjson.decode, entry)
  if readable and type(message) == 'table' and (message.receivedAtMs or 0) <= askedAtMs then
    if redis.call('LREM', mailbox, -1, entry) > 0 then dropped[#dropped + 1] = tostring(message.id) end
  end
end
local ids = #dropped == 0 and '[]' or cjson.encode(dropped)
redis.call('SET', done, ids, 'PX', windowMs)
return ids`);
