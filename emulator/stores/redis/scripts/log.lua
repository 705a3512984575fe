-- Append to a journal; returns the entry's number and the bytes of all journals. ARGV: the journal's name, the entry, how many
-- are kept.
if missing() then return MISSING end
local number = redis.call('HINCRBY', JOURNALS, ARGV[1], 1)
redis.call('HINCRBY', SIZES, ARGV[1], #ARGV[2])
if redis.call('RPUSH', journal(ARGV[1]), ARGV[2]) > tonumber(ARGV[3]) then drop_oldest(ARGV[1]) end
return {number, journal_bytes()}
