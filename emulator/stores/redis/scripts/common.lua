-- What every script over one sandbox begins with. KEYS[1] is the sandbox's own record; all its other keys begin with
-- that name, so they share its hash tag and its slot.
--
-- schema.py tells what `places` and `due` hold and how their members sort. 0xFE parts what Python joins. `meta` keeps beside
-- each item what finds it again: its version, instant, member of `due`, members of `places`, and references.
local base = KEYS[1] .. ':'
local PLACES, DUE, REFS, NUMBERS, KINDS = base .. 'places', base .. 'due', base .. 'refs', base .. 'numbers', base .. 'kinds'
local BLOBS, JOURNALS, CREDENTIALS, CLEARED = base .. 'blobs', base .. 'journals', base .. 'credentials', base .. 'cleared'

local SIZES = base .. 'sizes'

local function items(kind) return base .. 'item:' .. kind end
local function metas(kind) return base .. 'meta:' .. kind end
local function journal(name) return base .. 'journal:' .. name end
local function missing() return redis.call('EXISTS', KEYS[1]) == 0 end
local MISSING = redis.error_reply('MISSING no sandbox ' .. string.match(KEYS[1], '{(.*)}'))

local function journal_bytes()
  local bytes = 0
  for _, size in ipairs(redis.call('HVALS', SIZES)) do bytes = bytes + tonumber(size) end
  return bytes
end

local function drop_oldest(name)
  local gone = redis.call('LPOP', journal(name))
  if gone then return redis.call('HINCRBY', SIZES, name, 0 - #gone) end
  redis.call('HDEL', SIZES, name)
  return 0
end

local VERSION, AT, MEMBER, LISTED, NAMED = 1, 2, 3, 4, 5

local function meta(kind, id)
  local packed = redis.call('HGET', metas(kind), id)
  return packed and cmsgpack.unpack(packed)
end

local function parts(joined) return string.gmatch(joined, '[^\254]+') end

local function enlist(id, new)
  for place in parts(new[LISTED]) do redis.call('ZADD', PLACES, 0, place) end
  for ref in parts(new[NAMED]) do redis.call('HSET', REFS, ref, id) end
end

local function unlist(id, old)
  for place in parts(old[LISTED]) do redis.call('ZREM', PLACES, place) end
  for ref in parts(old[NAMED]) do
    if redis.call('HGET', REFS, ref) == id then redis.call('HDEL', REFS, ref) end
  end
end

local function put(kind, id, body, new)
  local old = meta(kind, id)
  if not old then redis.call('SADD', KINDS, kind) end
  if not old or old[LISTED] ~= new[LISTED] or old[NAMED] ~= new[NAMED] then
    if old then unlist(id, old) end
    enlist(id, new)
  end
  if not old or old[AT] ~= new[AT] or old[MEMBER] ~= new[MEMBER] then
    if old and old[AT] ~= '' then redis.call('ZREM', DUE, old[MEMBER]) end
    if new[AT] ~= '' then redis.call('ZADD', DUE, new[AT], new[MEMBER]) end
  end
  redis.call('HSET', items(kind), id, body)
  redis.call('HSET', metas(kind), id, cmsgpack.pack(new))
end

local function delete(kind, id)
  local old = meta(kind, id)
  unlist(id, old)
  if old[AT] ~= '' then redis.call('ZREM', DUE, old[MEMBER]) end
  redis.call('HDEL', items(kind), id)
  redis.call('HDEL', metas(kind), id)
end
