-- Strike documents out of the index over all sandboxes. KEYS: order, sizes. ARGV: documents.
for _, document in ipairs(ARGV) do
  if redis.call('ZREM', KEYS[1], document) == 1 then
    redis.call('HINCRBY', KEYS[2], '\255total', 0 - tonumber(redis.call('HGET', KEYS[2], document)))
    redis.call('HDEL', KEYS[2], document)
  end
end
return 1
