-- Forget that a credential finds a sandbox, unless it finds another one by now. KEYS: the credential. ARGV: sandbox id.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
