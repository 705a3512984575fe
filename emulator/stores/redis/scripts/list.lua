-- A page of a list, as bodies. ARGV: kind, the bounds of what is listed in `places` (the second is exclusive), offset,
-- limit, 1 for descending. Costs the same however long the list is.
if missing() then return MISSING end
local offset, limit, descending = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'
local low = redis.call('ZLEXCOUNT', PLACES, '-', '(' .. ARGV[2])
local high = redis.call('ZLEXCOUNT', PLACES, '-', '(' .. ARGV[3])
local start, stop = low + offset, math.min(high, low + offset + limit)
if descending then start, stop = math.max(low, high - offset - limit), high - offset end
local bodies = {}
if stop <= start then return bodies end
local ids = redis.call('ZRANGE', PLACES, start, stop - 1)
local _, skip = string.find(ids[1], '^[^\255]*\255[^\255]*\255')
for at = 1, #ids do
  bodies[at] = redis.call('HGET', items(ARGV[1]), string.sub(ids[descending and #ids + 1 - at or at], skip + 1))
end
return bodies
