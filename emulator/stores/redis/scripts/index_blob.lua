-- Note a document in the index over all sandboxes, as the newest; returns those to be let go to stay within the bound.
-- KEYS: order, sizes. ARGV: document, bytes, bound in bytes, and what a spare document has in its name: those go first.
-- Never minus a number: of 0 that is "-0", which is no integer.
local TOTAL, LAST = '\255total', '\255turn'
local age = redis.call('HINCRBY', KEYS[2], LAST, 1)
if ARGV[1]:find(ARGV[4], 1, true) then age = age - 2^40 end
redis.call('ZADD', KEYS[1], age, ARGV[1])
local gone = {}
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return gone end
local total = redis.call('HINCRBY', KEYS[2], TOTAL, ARGV[2])
while total > tonumber(ARGV[3]) and redis.call('ZCARD', KEYS[1]) > 1 do
  local oldest = redis.call('ZPOPMIN', KEYS[1])[1]
  total = redis.call('HINCRBY', KEYS[2], TOTAL, 0 - tonumber(redis.call('HGET', KEYS[2], oldest)))
  redis.call('HDEL', KEYS[2], oldest)
  gone[#gone + 1] = oldest
end
return gone
