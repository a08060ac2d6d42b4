import { createRedisScript } from "../redis-script.ts";

/**
 * Gives a person a code, or the one they have. Expired requests of the app are dropped on the way; the hash
 * holds no more than the limit, so reading it whole is cheap.
 */
export const requestScript = createRedisScript(`
local requests, users = KEYS[1], KEYS[2]
local code, request, user, now, limit, ttlMs = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
if redis.call('HEXISTS', users, user) == 1 then return {'approved'} end
local fields, open = redis.call('HGETALL', requests), 0
for i = 1, #fields, 2 do
  local known = cjson.decode(fields[i + 1])
  if known.expiresAtMs <= now then redis.call('HDEL', requests, fields[i])
  elseif known.user == user then return {'open', fields[i + 1]}
  else open = open + 1 end
end
if open >= limit then return {'full'} end
redis.call('HSET', requests, code, request)
redis.call('PEXPIRE', requests, ttlMs)
return {'open', request}`);

/**
 * Lets a person in by their code, once per cause, and leaves word for them in their conversation. A wrong code
 * is counted; at the limit the count lives for another lock-out, and until then no code is good.
 */
export const approveScript = createRedisScript(`
local requests, users, failures, done, control, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local code, request, user, record, entry, conversation, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local failureLimit, lockoutMs, onceMs, userLimit = tonumber(ARGV[8]), ARGV[9], ARGV[10], tonumber(ARGV[11])
local earlier = redis.call('GET', done)
if earlier then return earlier end
if tonumber(redis.call('GET', failures) or '0') >= failureLimit then return 'locked' end
if request == '' or redis.call('HGET', requests, code) ~= request then
  local count = redis.call('INCR', failures)
  if count == 1 or count == failureLimit then redis.call('PEXPIRE', failures, lockoutMs) end
  redis.call('SET', done, 'unknown', 'PX', onceMs)
  return 'unknown'
end
if redis.call('HLEN', users) >= userLimit then return 'full' end
redis.call('HDEL', requests, code)
redis.call('HSET', users, user, record)
redis.call('RPUSH', control, entry)
redis.call('ZADD', pending, 'NX', now, conversation)
local result = 'approved:' .. record
redis.call('SET', done, result, 'PX', onceMs)
return result`);

/** Lets a person in without a code. An earlier approval stays as it is. */
export const admitScript = createRedisScript(`
local users, user, record, userLimit = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local known = redis.call('HGET', users, user)
if known then return known end
if redis.call('HLEN', users) >= userLimit then return false end
redis.call('HSET', users, user, record)
return record`);
