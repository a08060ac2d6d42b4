import { createRedisScript } from "./redis-script.ts";
import { APPEND_PLANS } from "./reply.ts";

/**
 * Two fences. The first: our BullMQ lock still holds our token; a worker may be handed a job whose lock has
 * already expired, and a frozen worker wakes up without one. The second: no other live job owns this
 * conversation; retrying a finished job by hand makes a second one that deduplication does not see.
 * One argument names the call: sent again because its answer was lost, it is the same claim and no attempt more.
 * An owner that is still there has not given the claim back: its worker was lost. What has cost two of them is
 * a suspect, and only handed out to run alone.
 */
export const claimScript = createRedisScript(`
local lock, mailbox, turn, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, limit, jobId, lockPrefix = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local conversation, now, call, alone, suspectAfter = ARGV[5], ARGV[6], ARGV[7], ARGV[8] == '1', tonumber(ARGV[9])
if redis.call('GET', lock) ~= token then return {'lost'} end
local owner = redis.call('HGET', turn, 'own')
if owner and owner ~= jobId and redis.call('EXISTS', lockPrefix .. owner .. ':lock') == 1 then return {'busy'} end
local n = tonumber(redis.call('HGET', turn, 'n') or '0')
if n == 0 then
  n = math.min(redis.call('LLEN', mailbox), limit)
  if n == 0 then
    redis.call('DEL', turn)
    redis.call('ZREM', pending, conversation)
    return {'empty'}
  end
  redis.call('HSET', turn, 'n', n, 'att', 0, 'startedAtMs', now)
end
if redis.call('HGET', turn, 'call') ~= call then
  if owner then
    redis.call('HINCRBY', turn, 'lost', 1)
    redis.call('HSET', turn, 'again', 'cut_off')
    redis.call('HDEL', turn, 'own')
  end
  local before = redis.call('HMGET', turn, 'lost', 'stop', 'att')
  if tonumber(before[1] or '0') >= suspectAfter and not before[2] and not alone then
    return {'suspect', tonumber(before[3])}
  end
  redis.call('HINCRBY', turn, 'att', 1)
end
redis.call('HSET', turn, 'own', jobId, 'call', call)
local state = redis.call('HMGET', turn, 'att', 'startedAtMs', 'stop', 'again', 'lost')
local entries = redis.call('LRANGE', mailbox, 0, n - 1)
return {'claimed', tonumber(state[1]), entries, state[2] or now, state[3], state[4], state[5]}`);

/** Consumes the messages, appends the replies, the exchange and what /retry needs. */
export const commitScript = createRedisScript(`
local lock, mailbox, turn, checkpoint, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local outbox, deliveries, transcript, lastTurn, done = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local token, jobId, count, conversation, outboxOf, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local exchange, transcriptLimit, transcriptTtl = ARGV[7], tonumber(ARGV[8]), ARGV[9]
local keepForRetry, doneMs, planCount, firstReply, at = ARGV[10] == '1', ARGV[11], tonumber(ARGV[12]), 11, 13
if redis.call('GET', lock) ~= token then return {'lost'} end
local turnState = redis.call('HMGET', turn, 'own', 'n', 'stop')
if turnState[1] ~= jobId or tonumber(turnState[2] or '0') < tonumber(count) then
  -- Sent again after a lost answer: the plan, or in place of none the mark, is there, so the first one did it all.
  if redis.call('EXISTS', planCount > 0 and KEYS[firstReply] or done) == 1 then
    return {'committed', redis.call('LLEN', mailbox)}
  end
  return {'superseded'}
end
${APPEND_PLANS}
local ofThisSession = turnState[3] ~= 'new'
if ofThisSession and exchange ~= '' then
  redis.call('RPUSH', transcript, exchange)
  redis.call('LTRIM', transcript, -transcriptLimit, -1)
  redis.call('PEXPIRE', transcript, transcriptTtl)
end
if ofThisSession and keepForRetry then
  redis.call('DEL', lastTurn)
  for _, entry in ipairs(redis.call('LRANGE', mailbox, 0, count - 1)) do redis.call('RPUSH', lastTurn, entry) end
  redis.call('PEXPIRE', lastTurn, transcriptTtl)
end
redis.call('LTRIM', mailbox, count, -1)
redis.call('DEL', turn, checkpoint)
if planCount == 0 then redis.call('SET', done, 1, 'PX', doneMs) end
local remaining = redis.call('LLEN', mailbox)
if remaining == 0 then
  redis.call('ZREM', pending, conversation)
else
  redis.call('ZADD', pending, now, conversation)
end
return {'committed', remaining}`);

export const releaseScript = createRedisScript(`
local lock, turn = KEYS[1], KEYS[2]
if redis.call('GET', lock) ~= ARGV[1] or redis.call('HGET', turn, 'own') ~= ARGV[2] then return 0 end
redis.call('HINCRBY', turn, 'att', -1)
redis.call('HDEL', turn, 'own')
if ARGV[3] == '1' then redis.call('HSET', turn, 'again', 'cut_off') end
return 1`);

/** The attempt stays counted; only its worker is not taken for lost. */
export const endAttemptScript = createRedisScript(`
local lock, turn = KEYS[1], KEYS[2]
if redis.call('GET', lock) ~= ARGV[1] or redis.call('HGET', turn, 'own') ~= ARGV[2] then return 0 end
redis.call('HDEL', turn, 'own')
redis.call('HSET', turn, 'again', 'failed')
return 1`);

/** Makes the next waiting message part of the running turn, which its runner has taken in. Harmless to repeat. */
export const absorbScript = createRedisScript(`
local lock, mailbox, turn = KEYS[1], KEYS[2], KEYS[3]
if redis.call('GET', lock) ~= ARGV[1] then return -1 end
local n = tonumber(redis.call('HGET', turn, 'n') or '0')
if n == 0 then return 0 end
if redis.call('LINDEX', mailbox, n - 1) == ARGV[2] then return n end
if redis.call('LINDEX', mailbox, n) ~= ARGV[2] then return 0 end
return redis.call('HINCRBY', turn, 'n', 1)`);
