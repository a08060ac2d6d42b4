import { createRedisScript } from "./redis-script.ts";
import { APPEND_PLANS } from "./reply.ts";

/**
 * Adds replies that answer no claimed message (notices, refusals, proactive messages). With a token only while the
 * lock holds it: what a turn says on the side is nobody's business any more once another worker has the turn.
 */
export const appendReplyScript = createRedisScript(`
local lock, outbox, deliveries = KEYS[1], KEYS[2], KEYS[3]
local token, outboxOf, now = ARGV[1], ARGV[2], ARGV[3]
local firstReply, planCount, at = 4, tonumber(ARGV[4]), 5
if token ~= '' and redis.call('GET', lock) ~= token then return 0 end
local before = redis.call('LLEN', outbox)
${APPEND_PLANS}
return redis.call('LLEN', outbox) - before`);

export const headScript = createRedisScript(`
local lock, outbox, pending = KEYS[1], KEYS[2], KEYS[3]
if redis.call('GET', lock) ~= ARGV[1] then return {'lost'} end
local head = redis.call('LINDEX', outbox, 0)
if not head then
  redis.call('ZREM', pending, ARGV[2])
  return {'empty'}
end
return {'reply', head, redis.call('LLEN', outbox)}`);

/** Marks a chunk as sending before a byte of it leaves, which is also the last moment a lost lock is noticed. */
export const beginChunkScript = createRedisScript(`
local lock, reply = KEYS[1], KEYS[2]
local token, index, now = ARGV[1], ARGV[2], ARGV[3]
if redis.call('GET', lock) ~= token then return {'lost'} end
local state = redis.call('HGET', reply, 'state:' .. index)
if state ~= 'pending' and state ~= 'sending' then return {'settled'} end
redis.call('HSET', reply, 'state:' .. index, 'sending')
redis.call('HSETNX', reply, 'first:' .. index, now)
return {'begun', redis.call('HINCRBY', reply, 'attempts:' .. index, 1)}`);

/**
 * 'sent' is recorded whether or not the lock is still ours: it is a fact, and knowing it prevents a second
 * send. Every other outcome needs the lock, because another worker may be sending the chunk now.
 */
export const settleChunkScript = createRedisScript(`
local lock, reply = KEYS[1], KEYS[2]
local token, index, state, result, responseCode = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('EXISTS', reply) == 0 then return 0 end
if state ~= 'sent' then
  if redis.call('GET', lock) ~= token then return -1 end
  if redis.call('HGET', reply, 'state:' .. index) == 'sent' then return 0 end
end
redis.call('HSET', reply, 'state:' .. index, state)
if state == 'pending' then redis.call('HDEL', reply, 'first:' .. index) end
if result ~= '' then redis.call('HSET', reply, 'result:' .. index, result) end
if responseCode ~= '' then redis.call('HSET', reply, 'code:' .. index, responseCode) end
return 1`);

/**
 * Gives a chunk other bytes: what is sent from now on is another message than what may have been sent before, so
 * its tries are counted anew.
 */
export const rewriteChunkScript = createRedisScript(`
local lock, reply = KEYS[1], KEYS[2]
local token, index, body, mark, media = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('GET', lock) ~= token then return 0 end
local state = redis.call('HGET', reply, 'state:' .. index)
if state ~= 'pending' and state ~= 'sending' then return 0 end
redis.call('HSET', reply, 'body:' .. index, body, 'state:' .. index, 'pending')
if mark ~= '' then redis.call('HSET', reply, 'mark:' .. index, mark) end
if media ~= '' then redis.call('HSET', reply, 'media:' .. index, media) end
redis.call('HDEL', reply, 'first:' .. index)
return 1`);

/** Takes a finished reply off the outbox and keeps its record for a while. */
export const finishReplyScript = createRedisScript(`
local lock, outbox, pending, reply = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, replyId, conversation, status, now, retainMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if redis.call('GET', lock) ~= token then return -1 end
if redis.call('LINDEX', outbox, 0) ~= replyId then return 0 end
redis.call('LPOP', outbox)
if redis.call('EXISTS', reply) == 1 then
  redis.call('HSET', reply, 'status', status, 'finishedAtMs', now)
  redis.call('PEXPIRE', reply, retainMs)
end
if redis.call('LLEN', outbox) == 0 then redis.call('ZREM', pending, conversation) end
return 1`);
