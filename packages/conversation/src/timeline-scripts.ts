import { createRedisScript } from "./redis-script.ts";

/**
 * Appends an event. A story that grows too long (a reply that is tried for a day) loses its middle: how it began
 * and how it stands are what somebody asks for. 'same' is how the last event begins if this one says no more.
 */
export const appendEventScript = createRedisScript(`
local timeline = KEYS[1]
local event, limit, begin, ttlMs, same = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
if same ~= '' and string.sub(redis.call('LINDEX', timeline, -1) or '', 1, #same) == same then return end
if redis.call('RPUSH', timeline, event) > limit then
  local first = cjson.decode(redis.call('LINDEX', timeline, begin))
  if first.type ~= 'omitted' then
    first = {type = 'omitted', atMs = first.atMs, count = 1}
    redis.call('LSET', timeline, begin, cjson.encode(first))
  end
  redis.call('LSET', timeline, begin + 1, '')
  redis.call('LREM', timeline, 1, '')
  first.count = first.count + 1
  redis.call('LSET', timeline, begin, cjson.encode(first))
end
redis.call('PEXPIRE', timeline, ttlMs)`);

/**
 * Enters a message into the indexes, once. There are as many timelines as the main index has room for: the
 * oldest goes with its entry.
 */
export const enterScript = createRedisScript(`
local all, ofUser, ofApp, apps = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, at, app, appName = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local limit, userLimit, ttlMs, timelinePrefix = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
if appName ~= '' then redis.call('HSET', apps, app, appName) end
if redis.call('ZADD', all, 'NX', at, id) == 0 then return end
redis.call('ZADD', ofUser, 'NX', at, id)
redis.call('ZADD', ofApp, 'NX', at, id)
redis.call('ZREMRANGEBYRANK', ofUser, 0, -userLimit - 1)
redis.call('ZREMRANGEBYRANK', ofApp, 0, -limit - 1)
redis.call('PEXPIRE', ofUser, ttlMs)
redis.call('PEXPIRE', ofApp, ttlMs)
for _ = 1, math.min(redis.call('ZCARD', all) - limit, 10) do
  local oldest = redis.call('ZPOPMIN', all)[1]
  redis.call('DEL', timelinePrefix .. oldest)
end
redis.call('ZREMRANGEBYSCORE', all, '-inf', at - ttlMs)`);
