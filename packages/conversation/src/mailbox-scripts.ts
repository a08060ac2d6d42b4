import { createRedisScript } from "./redis-script.ts";

/**
 * Two fences. The first: our BullMQ lock still holds our token; a worker may be handed a job whose lock has
 * already expired, and a frozen worker wakes up without one. The second: no other live job owns this
 * conversation; retrying a finished job by hand makes a second one that deduplication does not see.
 */
export const claimScript = createRedisScript(`
local lock, mailbox, turn, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, limit, jobId, lockPrefix, conversation = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
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
  redis.call('HSET', turn, 'n', n, 'att', 0)
end
redis.call('HSET', turn, 'own', jobId)
return {'claimed', redis.call('HINCRBY', turn, 'att', 1), redis.call('LRANGE', mailbox, 0, n - 1)}`);

/** Keys from the eighth on are the replies'; arguments from the seventh on are, per plan: id, number of fields, fields. */
export const commitScript = createRedisScript(`
local lock, mailbox, turn, checkpoint, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local outbox, deliveries = KEYS[6], KEYS[7]
local token, jobId, count, conversation, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local planCount = tonumber(ARGV[6])
if redis.call('GET', lock) ~= token then return {'lost'} end
local turnState = redis.call('HMGET', turn, 'own', 'n')
if turnState[1] ~= jobId or turnState[2] ~= count then
  -- Sent again after a lost answer: the plan is there, so the first one did it all.
  if planCount > 0 and redis.call('EXISTS', KEYS[8]) == 1 then return {'committed', redis.call('LLEN', mailbox)} end
  return {'superseded'}
end
local at = 7
for i = 1, planCount do
  local reply, replyId, fieldCount = KEYS[7 + i], ARGV[at], tonumber(ARGV[at + 1])
  local stored = redis.call('EXISTS', reply) == 1
  for field = at + 2, at + fieldCount, 2 do
    if not stored then redis.call('HSET', reply, ARGV[field], ARGV[field + 1]) end
  end
  if not stored then
    redis.call('RPUSH', outbox, replyId)
    redis.call('ZADD', deliveries, 'NX', now, conversation)
  end
  at = at + 2 + fieldCount
end
redis.call('LTRIM', mailbox, count, -1)
redis.call('DEL', turn, checkpoint)
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
return 1`);
