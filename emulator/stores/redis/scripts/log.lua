-- Append to a journal and return the entry's number. ARGV: the journal's name, the entry, how many are kept.
if missing() then return MISSING end
local number = redis.call('HINCRBY', JOURNALS, ARGV[1], 1)
redis.call('RPUSH', journal(ARGV[1]), ARGV[2])
redis.call('LTRIM', journal(ARGV[1]), -tonumber(ARGV[3]), -1)
return number
