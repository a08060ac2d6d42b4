import { createRedisScript } from "./redis-script.ts";

/*
 * The state of one app's access token, four keys in one slot:
 *   token   hash {token, life}, expires a little before the token does
 *   lease   held by the one process that is fetching
 *   pause   JSON of the failure that made everybody stop asking, expires when one may ask again
 *   counts  hash: failures in a row by class, and refused tokens in the current window
 * Every time span is an expiry in Redis, so clocks of different hosts do not matter.
 */

/**
 * The token if there is one, and whether the caller has been chosen to fetch a new one.
 * KEYS token lease pause · ARGV lease id, lease ms, refresh-ahead ms
 * → {"token", token} | {"refresh", token} | {"fetch"} | {"wait", lease ms left} | {"paused", json, ms left}
 */
export const acquireScript = createRedisScript(`
local function elected() return redis.call("SET", KEYS[2], ARGV[1], "NX", "PX", ARGV[2]) end
local stored = redis.call("HMGET", KEYS[1], "token", "life")
local pause = redis.call("GET", KEYS[3])
if stored[1] then
  local ahead = math.min(tonumber(ARGV[3]), tonumber(stored[2]) / 5)
  if not pause and redis.call("PTTL", KEYS[1]) < ahead and elected() then return {"refresh", stored[1]} end
  return {"token", stored[1]}
end
if pause then return {"paused", pause, redis.call("PTTL", KEYS[3])} end
if elected() then return {"fetch"} end
return {"wait", redis.call("PTTL", KEYS[2])}
`);

/**
 * Stores a fetched token and ends the lease. A holder whose lease ran out does not overwrite what its
 * successor stored. → the token to use
 * KEYS token lease pause counts · ARGV lease id, token, life ms
 */
export const publishScript = createRedisScript(`
local mine = redis.call("GET", KEYS[2]) == ARGV[1]
if mine then redis.call("DEL", KEYS[2]) end
local current = redis.call("HGET", KEYS[1], "token")
if current and not mine then return current end
redis.call("DEL", KEYS[3])
redis.call("HDEL", KEYS[4], "credentials", "passing")
redis.call("HSET", KEYS[1], "token", ARGV[2], "life", ARGV[3])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return ARGV[2]
`);

/**
 * Ends the lease of a failed fetch and makes everybody pause, longer with every failure in a row.
 * → the pause in ms, 0 when the lease had run out (its successor reports for itself)
 * KEYS lease pause counts · ARGV lease id, class, first pause ms, longest pause ms, JSON of the failure
 */
export const failScript = createRedisScript(`
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
local failures = redis.call("HINCRBY", KEYS[3], ARGV[2], 1)
redis.call("PEXPIRE", KEYS[3], 86400000)
local pause = math.floor(math.min(tonumber(ARGV[3]) * 2 ^ (failures - 1), tonumber(ARGV[4])))
redis.call("SET", KEYS[2], ARGV[5], "PX", pause)
return pause
`);

/**
 * Removes the token if it still is the one that was refused. When fresh tokens are refused time and again,
 * fetching more of them is no cure: pause. → refused tokens in this window, 0 when a newer one is stored
 * KEYS token pause counts · ARGV refused token, allowed, window ms, pause ms, JSON of the failure
 */
export const invalidateScript = createRedisScript(`
if redis.call("HGET", KEYS[1], "token") ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
local now = redis.call("TIME")
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local window = redis.call("HMGET", KEYS[3], "refusedSince", "refused")
local refused = 1
if window[1] and ms - tonumber(window[1]) < tonumber(ARGV[3]) then refused = tonumber(window[2]) + 1
else redis.call("HSET", KEYS[3], "refusedSince", string.format("%d", ms)) end
redis.call("HSET", KEYS[3], "refused", refused)
redis.call("PEXPIRE", KEYS[3], 86400000)
if refused > tonumber(ARGV[2]) then redis.call("SET", KEYS[2], ARGV[5], "PX", ARGV[4]) end
return refused
`);
