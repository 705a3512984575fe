-- Give a page of a list. ARGV: kind, the bounds of the list in `places` (the second is exclusive), the length of what
-- stands before an id there, offset, limit, 1 for descending. Costs the same however long the list is.
if missing() then return MISSING end
local kind, skip = ARGV[1], tonumber(ARGV[4])
local offset, limit = tonumber(ARGV[5]), tonumber(ARGV[6])
local low = redis.call('ZLEXCOUNT', PLACES, '-', '(' .. ARGV[2])
local high = redis.call('ZLEXCOUNT', PLACES, '-', '(' .. ARGV[3])
local start, stop = low + offset, math.min(high, low + offset + limit)
if ARGV[7] == '1' then start, stop = math.max(low, high - offset - limit), high - offset end
local bodies = {}
if stop <= start then return bodies end
local ids = redis.call('ZRANGE', PLACES, start, stop - 1)
for at = 1, #ids do
  bodies[at] = redis.call('HGET', items(kind), string.sub(ids[ARGV[7] == '1' and #ids + 1 - at or at], skip + 1))
end
return bodies
