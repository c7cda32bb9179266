--[[
Parks a queue: from now on workers see no job of it that was not judged. Its jobs are then in another queue, which stands
in `queues` like any other, so that Sidekiq itself shows it and can work it off if nobody comes back.

KEYS[1]  the purge's note
KEYS[2]  the queue
KEYS[3]  the queue that it becomes
KEYS[4]  the set `queues`
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the name of the parked queue in `queues`

Answers how many jobs are parked, also when they were already. -1: another turn has begun. -3: a key is something else.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[2] then return -1 end
local queue, parked = redis.call('TYPE', KEYS[2]).ok, redis.call('TYPE', KEYS[3]).ok
if parked == 'list' then return redis.call('LLEN', KEYS[3]) end
if parked ~= 'none' then return -3 end
if queue == 'none' then return 0 end
if queue ~= 'list' then return -3 end
-- Whoever may not give back must not park. Nobody sees this element: it is gone before the script ends.
redis.call('LPUSH', KEYS[3], '')
redis.call('LTRIM', KEYS[3], 1, 0)
redis.call('SADD', KEYS[4], ARGV[3])
redis.call('RENAMENX', KEYS[2], KEYS[3])
return redis.call('LLEN', KEYS[3])
