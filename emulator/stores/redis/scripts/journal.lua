-- How many entries a journal has dropped, the number of the first one read, and the entries. ARGV: name, the number
-- after which to read, limit, 1 for the newest ones.
if missing() then return MISSING end
local last, limit = tonumber(redis.call('HGET', JOURNALS, ARGV[1]) or 0), tonumber(ARGV[3])
local dropped = last - redis.call('LLEN', journal(ARGV[1]))
local start = math.max(0, tonumber(ARGV[2]) - dropped)
if ARGV[4] == '1' then start = math.max(start, last - dropped - limit) end
return {dropped, dropped + start + 1, redis.call('LRANGE', journal(ARGV[1]), start, start + limit - 1)}
