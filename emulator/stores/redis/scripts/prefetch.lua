-- What a thread looks at first in a sandbox, in one string, which costs its reader least: the record, the clock,
-- settings (id, body), counters (name, value; '?' when they are many), the lengths of lists, and what is due first
-- (instant, member of `due`, body). 0xFD parts these, 0xFC what is in them: UTF-8 has neither byte. ARGV: how many of what is due,
-- with their bodies, or 0 for the first without; the bounds of the lists in `places`, the second of each exclusive.
if missing() then return MISSING end
local TOO_MANY, ahead = 512, tonumber(ARGV[1])
local lengths, due = {}, {}
for at = 2, #ARGV, 2 do lengths[#lengths + 1] = redis.call('ZLEXCOUNT', PLACES, '[' .. ARGV[at], '(' .. ARGV[at + 1]) end
local rows = redis.call('ZRANGE', DUE, 0, math.max(ahead, 1) - 1, 'WITHSCORES')
for at = 1, #rows, 2 do
  local kind, id = string.match(rows[at], '^[^\255]*\255([^\255]*)\255(.*)$')
  local body = ahead > 0 and redis.call('HGET', items(kind), id) or ''
  due[#due + 1], due[#due + 2], due[#due + 3] = rows[at + 1], rows[at], body
end
local numbers = '?'
if redis.call('HLEN', NUMBERS) <= TOO_MANY then numbers = table.concat(redis.call('HGETALL', NUMBERS), '\252') end
return table.concat({
  redis.call('GET', KEYS[1]),
  redis.call('HGET', items('clock'), 'clock') or '',
  table.concat(redis.call('HGETALL', items('settings')), '\252'),
  numbers,
  table.concat(lengths, '\252'),
  table.concat(due, '\252'),
}, '\253')
