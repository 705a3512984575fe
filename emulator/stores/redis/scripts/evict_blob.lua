-- Let go of a document to make room, and count that. ARGV: digest, and the name of the counter, if there is one.
if redis.call('HDEL', BLOBS, ARGV[1]) == 1 and ARGV[2] then redis.call('HINCRBY', NUMBERS, ARGV[2], 1) end
return 1
