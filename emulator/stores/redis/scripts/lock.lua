-- Take a lock: returns 0, or for how many milliseconds at most another holder has it, who is asked to tell when it lets go.
-- ARGV: the lock's name, a token, milliseconds.
if missing() then return MISSING end
local lock = base .. 'lock:' .. ARGV[1]
if redis.call('SET', lock, ARGV[2], 'NX', 'PX', ARGV[3]) then return 0 end
redis.call('SET', lock .. ':wanted', 1, 'PX', ARGV[3])
return math.max(1, redis.call('PTTL', lock))
