-- Keep a document. ARGV: digest, content.
if missing() then return MISSING end
return redis.call('HSET', BLOBS, ARGV[1], ARGV[2])
