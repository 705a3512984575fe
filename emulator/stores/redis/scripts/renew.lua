-- Hold a lock for longer; returns 0 when it is no longer ours. ARGV: the lock's name, our token, milliseconds.
local lock = base .. 'lock:' .. ARGV[1]
if redis.call('GET', lock) ~= ARGV[2] then return 0 end
return redis.call('PEXPIRE', lock, ARGV[3])
