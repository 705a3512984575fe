-- Every item: for each kind its name and a list of bodies.
if missing() then return MISSING end
local found = {}
for _, kind in ipairs(redis.call('SMEMBERS', KINDS)) do found[#found + 1] = {kind, redis.call('HVALS', items(kind))} end
return found
