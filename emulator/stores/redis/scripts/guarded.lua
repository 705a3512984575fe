-- Run one command on a key of the sandbox, if there is such a sandbox. ARGV: the command, the key's last word, arguments.
if missing() then return MISSING end
return redis.call(ARGV[1], base .. ARGV[2], unpack(ARGV, 3))
