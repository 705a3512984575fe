-- Count a counter up by one. ARGV: its name.
if missing() then return MISSING end
return redis.call('HINCRBY', NUMBERS, ARGV[1], 1)
