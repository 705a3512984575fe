-- Let go of the oldest entries of the longest journals until all have so many bytes at most. ARGV: bytes.
if missing() then return MISSING end
local most = tonumber(ARGV[1])
while journal_bytes() > most do
  local longest, size = nil, 0
  local rows = redis.call('HGETALL', SIZES)
  for at = 1, #rows, 2 do
    if tonumber(rows[at + 1]) > size then longest, size = rows[at], tonumber(rows[at + 1]) end
  end
  local least = math.max(0, size - (journal_bytes() - most))
  while size > least do size = drop_oldest(longest) end
end
return journal_bytes()
