-- Forget everything of a sandbox but items of some kinds and counters with some beginning; or all, sandbox included.
-- Returns the digests of the documents that are gone. ARGV: channel, sandbox id, 1 to remove it, the counters' beginning,
-- kinds to keep.
if missing() then return MISSING end
local keeps, kept, counters = {}, {}, {}
for at = 5, #ARGV do keeps[ARGV[at]] = true end

for _, kind in ipairs(redis.call('SMEMBERS', KINDS)) do
  if keeps[kind] then
    local rows = redis.call('HGETALL', metas(kind))
    for at = 1, #rows, 2 do kept[#kept + 1] = {rows[at], cmsgpack.unpack(rows[at + 1])} end
  else
    redis.call('SREM', KINDS, kind)
    redis.call('UNLINK', items(kind), metas(kind))
  end
end
if ARGV[3] ~= '1' then
  local numbers = redis.call('HGETALL', NUMBERS)
  for at = 1, #numbers, 2 do
    if string.sub(numbers[at], 1, #ARGV[4]) == ARGV[4] then counters[numbers[at]] = numbers[at + 1] end
  end
end
for _, name in ipairs(redis.call('HKEYS', JOURNALS)) do redis.call('UNLINK', journal(name)) end
local digests = redis.call('HKEYS', BLOBS)
redis.call('UNLINK', PLACES, DUE, REFS, NUMBERS, BLOBS, JOURNALS, SIZES)
if ARGV[3] == '1' then redis.call('UNLINK', KEYS[1], KINDS, CREDENTIALS, CLEARED) else redis.call('INCR', CLEARED) end

for name, value in pairs(counters) do redis.call('HSET', NUMBERS, name, value) end
for _, row in ipairs(kept) do
  enlist(row[1], row[2])
  if row[2][AT] ~= '' then redis.call('ZADD', DUE, row[2][AT], row[2][MEMBER]) end
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return digests
