-- Count what stands between two bounds in `places`. ARGV: the bounds, the second exclusive.
if missing() then return MISSING end
return redis.call('ZLEXCOUNT', PLACES, '[' .. ARGV[1], '(' .. ARGV[2])
