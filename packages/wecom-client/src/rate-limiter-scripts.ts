import { createRedisScript } from "./redis-script.ts";

/*
 * The state of the limits, all of it in one slot and by Redis's clock:
 *   pause     exists while WeCom blocks the API for the app (45009), expires with the block
 *   level     how many blocks followed each other without a message that passed
 *   inflight  sorted set of the app's permits that are out, by the time at which they are given up for lost
 *   cut       hash {limit, at}: how many may be in flight at once after WeCom complained (45033)
 * and one key per rule. A rule is five arguments: kind, windowMs, limit, cost, keepMs.
 *   log      sorted set of permits by the time they count from; exact, for small limits
 *   slices   hash slice → count, the window in 60 slices and one more; never lets too many through
 *   day      hash {day, used}, calendar days of UTC+8
 */

const PRELUDE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pause, level, inflight, cut = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local DAY = 86400000
local function untilMidnight() return DAY - (now + 28800000) % DAY end
local function today() return math.floor((now + 28800000) / DAY) end
local function whole(number) return string.format('%d', number) end
`;

const EACH_RULE = `
local function eachRule(first, handle)
  for i = 5, #KEYS do
    local at = first + (i - 5) * 5
    handle(KEYS[i], ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), ARGV[at + 4])
  end
end
`;

/**
 * One permit, if every rule has room for it, and else how long to wait; nothing is counted then.
 * KEYS pause level inflight cut rule… · ARGV permit, lease ms, ms in which the concurrency grows by one, wait ms
 * when too many are in flight, rule…
 * → {1, now} | {0, ms, index of the rule that waits longest} (-1 paused, -2 concurrency)
 */
export const takeScript = createRedisScript(`${PRELUDE}${EACH_RULE}
local blocked = redis.call('PTTL', pause)
if blocked > 0 then return {0, blocked, -1} end

redis.call('ZREMRANGEBYSCORE', inflight, '-inf', now)
local room = math.huge
local reduced = redis.call('HMGET', cut, 'limit', 'at')
if reduced[1] then room = reduced[1] + math.floor((now - reduced[2]) / ARGV[3]) end
-- After a block one message at a time, until one has passed.
if redis.call('EXISTS', level) == 1 then room = 1 end
if redis.call('ZCARD', inflight) >= room then return {0, tonumber(ARGV[4]), -2} end

local wait, slowest, index = 0, 0, -1
local function waitFor(ms)
  if ms > wait then wait, slowest = ms, index end
end
eachRule(5, function(key, kind, window, limit, cost)
  index = index + 1
  if kind == 'log' then
    local from = '(' .. whole(now - window)
    local used = redis.call('ZCOUNT', key, from, '+inf')
    if used >= limit then
      local leaving = redis.call('ZRANGEBYSCORE', key, from, '+inf', 'WITHSCORES', 'LIMIT', used - limit, 1)
      waitFor(math.max(leaving[2] + window - now, 1))
    end
  elseif kind == 'slices' then
    local size = window / 60
    local current = math.floor(now / size)
    local used, oldest = 0, current
    local slices = redis.call('HGETALL', key)
    for i = 1, #slices, 2 do
      local slice = tonumber(slices[i])
      if slice < current - 60 then
        redis.call('HDEL', key, slices[i])
      else
        used = used + slices[i + 1]
        oldest = math.min(oldest, slice)
      end
    end
    if used + cost > limit then waitFor(math.max(math.ceil((oldest + 61) * size - now), 1)) end
  else
    local day = redis.call('HMGET', key, 'day', 'used')
    local used = day[1] == whole(today()) and tonumber(day[2]) or 0
    if used + cost > limit then waitFor(untilMidnight()) end
  end
end)
if wait > 0 then return {0, wait, slowest} end

redis.call('ZADD', inflight, now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', inflight, ARGV[2])
eachRule(5, function(key, kind, window, _, cost, keep)
  if kind == 'log' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', whole(now - keep))
    redis.call('ZADD', key, now, ARGV[1])
  elseif kind == 'slices' then
    redis.call('HINCRBY', key, whole(math.floor(now / (window / 60))), cost)
  elseif redis.call('HGET', key, 'day') == whole(today()) then
    redis.call('HINCRBY', key, 'used', cost)
  else
    redis.call('HSET', key, 'day', whole(today()), 'used', cost)
  end
  redis.call('PEXPIRE', key, keep)
end)
return {1, now}
`);

/**
 * Ends a permit. What was sent counts from now: WeCom counted it some time between the take and its answer, and
 * the later end is the safe one. What certainly never reached WeCom is given back.
 * KEYS as for take · ARGV permit, "sent" | "used" | "unused", time of the take, "", rule…
 */
export const finishScript = createRedisScript(`${PRELUDE}${EACH_RULE}
local permit, verdict, takenAt = ARGV[1], ARGV[2], tonumber(ARGV[3])
redis.call('ZREM', inflight, permit)
if verdict == 'sent' then redis.call('DEL', level) end
eachRule(5, function(key, kind, window, _, cost)
  if verdict ~= 'unused' then
    if kind == 'log' then redis.call('ZADD', key, 'XX', now, permit) end
  elseif kind == 'log' then
    redis.call('ZREM', key, permit)
  elseif kind == 'slices' then
    local slice = whole(math.floor(takenAt / (window / 60)))
    if redis.call('HEXISTS', key, slice) == 1 then redis.call('HINCRBY', key, slice, -cost) end
  elseif redis.call('HGET', key, 'day') == whole(math.floor((takenAt + 28800000) / DAY)) then
    redis.call('HINCRBY', key, 'used', -cost)
  end
end)
return 1
`);

/**
 * WeCom blocks the API for this app. The first block is taken for that of a minute rule; each that follows without
 * a message in between lasts longer, but never past midnight, when daily limits end.
 * KEYS as for take, without rules · ARGV ms for which the level is remembered, block ms… (by level)
 * → ms left of the block
 */
export const pauseScript = createRedisScript(`${PRELUDE}
local left = redis.call('PTTL', pause)
if left > 0 then return left end
local steps = #ARGV - 1
local step = math.min(redis.call('INCR', level), steps)
redis.call('PEXPIRE', level, ARGV[1])
local ms = math.max(math.min(tonumber(ARGV[1 + step]), untilMidnight()), tonumber(ARGV[2]))
redis.call('SET', pause, '1', 'PX', whole(ms))
return ms
`);

/**
 * WeCom complains of too many calls at once: halves what may be in flight. Complaints of the same moment count as one.
 * KEYS as for take, without rules · ARGV grow ms, ms for which a cut is remembered, ms of the same moment
 * → what may be in flight now
 */
export const cutScript = createRedisScript(`${PRELUDE}
local reduced = redis.call('HMGET', cut, 'limit', 'at')
local room = redis.call('ZCARD', inflight)
if reduced[1] then
  if now - reduced[2] < tonumber(ARGV[3]) then return tonumber(reduced[1]) end
  room = math.min(room, reduced[1] + math.floor((now - reduced[2]) / ARGV[1]))
end
local limit = math.max(math.floor(room / 2), 1)
redis.call('HSET', cut, 'limit', whole(limit), 'at', whole(now))
redis.call('PEXPIRE', cut, ARGV[2])
return limit
`);
