-- Write all or nothing; returns what the counters that were added to are now. ARGV: channel, sandbox id, the record of a
-- sandbox to be made or '', counts of puts, deletes, reads and sames; a put is kind, id, the version stored, the new one, body,
-- due instant or '', member of `due`, of `places`, refs; a delete and a read (which must not have changed) are kind, id, version;
-- a same (of which nothing must have changed) kind, id, body; an add name, delta, least or '', most or ''.
local channel, sandbox, record = ARGV[1], ARGV[2], ARGV[3]
local first_delete = 8 + 9 * tonumber(ARGV[4])
local first_read = first_delete + 3 * tonumber(ARGV[5])
local first_same = first_read + 3 * tonumber(ARGV[6])
local first_add = first_same + 3 * tonumber(ARGV[7])

if record == '' and missing() then return MISSING end
if record ~= '' and not missing() then return redis.error_reply('CONFLICT sandbox ' .. sandbox .. ' exists') end

local function changed(at)
  local old = meta(ARGV[at], ARGV[at + 1])
  return tonumber(ARGV[at + 2]) ~= (old and old[VERSION] or 0)
end

local function conflict(at)
  return redis.error_reply('CONFLICT ' .. ARGV[at] .. ' ' .. ARGV[at + 1] .. ' has changed')
end

for at = 8, first_delete - 1, 9 do
  if changed(at) then return conflict(at) end
end
for at = first_delete, first_same - 1, 3 do
  if changed(at) then return conflict(at) end
end
for at = first_same, first_add - 1, 3 do
  if redis.call('HGET', items(ARGV[at]), ARGV[at + 1]) ~= ARGV[at + 2] then return conflict(at) end
end
local names, sums, deltas = {}, {}, {}
for at = first_add, #ARGV, 4 do
  local name, delta, least, most = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local value = (sums[name] or tonumber(redis.call('HGET', NUMBERS, name) or 0)) + delta
  if (least and value < least) or (most and value > most) then return redis.error_reply('LIMIT ' .. name) end
  if not sums[name] then names[#names + 1] = name end
  sums[name], deltas[name] = value, (deltas[name] or 0) + delta
end

local before = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local tell = record ~= ''
if record ~= '' then redis.call('SET', KEYS[1], record) end
local now = {}
for at, name in ipairs(names) do
  now[at] = redis.call('HINCRBY', NUMBERS, name, string.format('%.0f', deltas[name]))
end
for at = 8, first_delete - 1, 9 do
  tell = tell or ARGV[at] == 'clock'
  put(ARGV[at], ARGV[at + 1], ARGV[at + 4], {tonumber(ARGV[at + 3]), ARGV[at + 5], ARGV[at + 6], ARGV[at + 7], ARGV[at + 8]})
end
for at = first_delete, first_read - 1, 3 do delete(ARGV[at], ARGV[at + 1]) end

-- Who wakes too early looks again: only what has come nearer must be told.
local after = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local nearer = after[2] and (not before[2] or tonumber(after[2]) < tonumber(before[2]))
if tell or nearer then redis.call('PUBLISH', channel, sandbox) end
return now
