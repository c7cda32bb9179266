--[[
Releases a lock of sidekiq-unique-jobs, if nobody but removed jobs holds it or waits for it.

KEYS[1…10]  the lock's keys: the digest, with :QUEUED, :PRIMED, :LOCKED, :INFO; and all again with :RUN behind the digest
KEYS[11]    the sorted set of digests
KEYS[12]    the sorted set of digests that expire
ARGV[1]     the digest, as it stands in the sorted sets
ARGV[2…]    the jids of the removed jobs

Answers 1 when it was released, 0 when it is gone, -1 when another job has a part in it.
]]
local removed = {}
for index = 2, #ARGV do removed[ARGV[index]] = true end
local found = 0
for index = 1, 10 do
  local type = redis.call('TYPE', KEYS[index]).ok
  local jids = {}
  if type == 'hash' and index % 5 == 4 then jids = redis.call('HKEYS', KEYS[index])
  elseif type == 'list' then
    -- The gem keeps these short; one that is not holds more than anybody has looked at.
    if redis.call('LLEN', KEYS[index]) > 100 then return -1 end
    jids = redis.call('LRANGE', KEYS[index], 0, -1)
  end
  for _, jid in ipairs(jids) do
    if not removed[jid] then return -1 end
  end
  if type ~= 'none' then found = 1 end
end
if found == 0 then return 0 end
for index = 1, 10 do redis.call('UNLINK', KEYS[index]) end
redis.call('ZREM', KEYS[11], ARGV[1])
redis.call('ZREM', KEYS[12], ARGV[1])
return 1
