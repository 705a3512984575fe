-- The item that a reference finds. ARGV: kind, reference.
if missing() then return MISSING end
local id = redis.call('HGET', REFS, ARGV[2])
return id and redis.call('HGET', items(ARGV[1]), id)
