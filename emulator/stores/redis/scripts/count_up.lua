-- Count counters up by one each. Returns how often the sandbox was cleared, and the counters' values. ARGV: their names.
if missing() then return MISSING end
local values = {tonumber(redis.call('GET', CLEARED) or 0)}
for at, name in ipairs(ARGV) do values[at + 1] = redis.call('HINCRBY', NUMBERS, name, 1) end
return values
