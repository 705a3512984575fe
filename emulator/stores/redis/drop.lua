-- Let go of a document to make room, and count that. ARGV: digest, the counter's name.
if redis.call('HDEL', BLOBS, ARGV[1]) == 1 then redis.call('HINCRBY', NUMBERS, ARGV[2], 1) end
return 1
