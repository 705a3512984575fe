-- Let go of a lock and tell when somebody wanted it. ARGV: the lock's name, our token, channel, sandbox id.
local lock = base .. 'lock:' .. ARGV[1]
if redis.call('GET', lock) ~= ARGV[2] then return 0 end
redis.call('DEL', lock)
if redis.call('DEL', lock .. ':wanted') == 1 then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return 1
