--[[
Ends the parking of a page, the oldest of the parked jobs: those that stay go to the end of their queue, the others have
been archived and leave. The length of the parked queue is the sequence number: only one who has seen the page that
stands there now can cut it off.

KEYS[1]  the purge's note
KEYS[2]  which jobs of the chunk have left
KEYS[3]  the parked queue
KEYS[4]  the queue
KEYS[5]  the set `queues`
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the chunk with the jobs that leave
ARGV[4]  how many of its jobs went before them
ARGV[5]  how many jobs of this page leave
ARGV[6]  how long the parked queue must be
ARGV[7]  how long the page is
ARGV[8]  the name of the parked queue in `queues`
ARGV[9]  the name of the queue in `queues`
ARGV[10…] the jobs that stay, the oldest first

Answers 1. -1: another turn has begun. -2: out of step. -3: the queue is something else.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'turn', 'chunk')
if note[1] ~= ARGV[2] then return -1 end
local leaving, size = tonumber(ARGV[5]), tonumber(ARGV[7])
if redis.call('LLEN', KEYS[3]) ~= tonumber(ARGV[6]) or #ARGV - 9 + leaving ~= size then return -2 end
local queue = redis.call('TYPE', KEYS[4]).ok
if queue ~= 'list' and queue ~= 'none' then return -3 end
if leaving > 0 then
  local done = note[2] == ARGV[3] and redis.call('STRLEN', KEYS[2]) or 0
  if done ~= tonumber(ARGV[4]) then return -2 end
  -- A Redis that came back as it was before does not know the chunk before this one.
  if note[2] ~= ARGV[3] and tonumber(note[2]) ~= ARGV[3] - 1 then return -2 end
  if done == 0 then
    redis.call('HSET', KEYS[1], 'chunk', ARGV[3])
    redis.call('DEL', KEYS[2])
  end
end
-- What stays is safe before the page is cut off, whatever may go wrong in between.
if #ARGV > 9 then
  redis.call('LPUSH', KEYS[4], unpack(ARGV, 10))
  redis.call('SADD', KEYS[5], ARGV[9])
end
redis.call('LTRIM', KEYS[3], 0, -size - 1)
if leaving > 0 then
  redis.call('APPEND', KEYS[2], string.rep('1', leaving))
  redis.call('EXPIRE', KEYS[2], ARGV[1])
end
if redis.call('LLEN', KEYS[3]) == 0 then redis.call('SREM', KEYS[5], ARGV[8]) end
return 1
