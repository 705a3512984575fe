-- Give every counter: name, value, name, value.
if missing() then return MISSING end
return redis.call('HGETALL', NUMBERS)
