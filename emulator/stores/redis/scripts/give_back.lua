-- Count counters down that were counted up for nothing, unless others have counted on. ARGV: how often the sandbox had been
-- cleared then; name and value of each, the last one first.
if tonumber(redis.call('GET', CLEARED) or 0) ~= tonumber(ARGV[1]) then return 0 end
for at = 2, #ARGV, 2 do
  if redis.call('HGET', NUMBERS, ARGV[at]) == ARGV[at + 1] then redis.call('HINCRBY', NUMBERS, ARGV[at], -1) end
end
return 1
