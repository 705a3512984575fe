-- Write all or nothing. ARGV: channel, sandbox id, the record of a sandbox to be made or '', counts of puts, deletes and
-- adds; a put is kind, id, version, body, due instant or '', turn, lists, refs; a delete kind, id, version; an add name,
-- delta, least or '', most or ''.
local channel, sandbox, record = ARGV[1], ARGV[2], ARGV[3]
local puts, deletes, adds = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local first_delete = 7 + 8 * puts
local first_add = first_delete + 3 * deletes

if record == '' and missing() then return MISSING end
if record ~= '' and not missing() then return redis.error_reply('CONFLICT sandbox ' .. sandbox .. ' exists') end

local function stands(at, version)
  local old = meta(ARGV[at], ARGV[at + 1])
  return version == (old and old[VERSION] or 0)
end

local function changed(at)
  return redis.error_reply('CONFLICT ' .. ARGV[at] .. ' ' .. ARGV[at + 1] .. ' has changed')
end

for at = 7, first_delete - 1, 8 do
  if not stands(at, tonumber(ARGV[at + 2]) - 1) then return changed(at) end
end
for at = first_delete, first_add - 1, 3 do
  if not stands(at, tonumber(ARGV[at + 2])) then return changed(at) end
end
local sums = {}
for at = first_add, #ARGV, 4 do
  local name, least, most = ARGV[at], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local value = (sums[name] or tonumber(redis.call('HGET', NUMBERS, name) or 0)) + tonumber(ARGV[at + 1])
  if (least and value < least) or (most and value > most) then return redis.error_reply('LIMIT ' .. name) end
  sums[name] = value
end

local before = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local tell = record ~= ''
if record ~= '' then redis.call('SET', KEYS[1], record) end
for at = first_add, #ARGV, 4 do
  redis.call('HINCRBY', NUMBERS, ARGV[at], ARGV[at + 1])
end
for at = 7, first_delete - 1, 8 do
  tell = tell or ARGV[at] == 'clock'
  put(ARGV[at], ARGV[at + 1], ARGV[at + 3], {tonumber(ARGV[at + 2]), ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7]})
end
for at = first_delete, first_add - 1, 3 do delete(ARGV[at], ARGV[at + 1]) end

-- Who wakes too early looks again: only what has come nearer must be told.
local after = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local nearer = after[2] and (not before[2] or tonumber(after[2]) < tonumber(before[2]))
if tell or nearer then redis.call('PUBLISH', channel, sandbox) end
return 1
