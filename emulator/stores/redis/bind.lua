-- Note a credential of the sandbox, so that its removal lets go of it. ARGV: the credential.
if missing() then return MISSING end
return redis.call('SADD', CREDENTIALS, ARGV[1])
