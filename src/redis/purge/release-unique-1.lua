--[[
Releases a unique lock of Sidekiq Enterprise, if it is still held by the job that was removed.

KEYS[1]  the lock
ARGV[1]  the jid of the removed job

Answers 1 when it was released, 0 when another job holds it or it is gone.
]]
if redis.call('TYPE', KEYS[1]).ok ~= 'string' then return 0 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
