--[[
Moves the oldest jobs of a private list to the end of their queue, if its owner is dead at this very instant. The mark
(size and both ends) proves that the list is the one that was judged; whatever changed it makes this do nothing.

KEYS[1]  the rescue's note
KEYS[2]  the private list
KEYS[3]  the queue that its jobs belong to
KEYS[4]  the set `queues`
KEYS[5…] keys that exist while the owner lives: its identity's hash, its heartbeats
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the mark: LENGTH:SHA1 of the newest:SHA1 of the oldest
ARGV[4]  the name of the queue in `queues`
ARGV[5]  LMOVE, or RPOPLPUSH before Redis 6.2
ARGV[6]  how many jobs at the old end were judged before and stay
ARGV[7]  the chunk that holds the jobs which are archived, 0 for none
ARGV[8…] what happens to the following jobs, the oldest first: pairs of `move`, `keep` or `archive` and a number

Answers how many were moved. -1: another turn has begun. -2: the list is not as it was judged. -3: a key is something else.
-4: the owner lives.
]]
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[2] then return -1 end
for index = 5, #KEYS do
  if redis.call('EXISTS', KEYS[index]) == 1 then return -4 end
end
local list, queue = redis.call('TYPE', KEYS[2]).ok, redis.call('TYPE', KEYS[3]).ok
if list == 'none' then return -2 end
if list ~= 'list' or (queue ~= 'list' and queue ~= 'none') then return -3 end
local mark = redis.call('LLEN', KEYS[2])
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], 0))
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], -1))
if mark ~= ARGV[3] then return -2 end
-- First, for a full Redis and a user who may not must stop it before anything has happened.
for index = 8, #ARGV, 2 do
  if ARGV[index] == 'move' then redis.call('SADD', KEYS[4], ARGV[4]) break end
end
local function step(to)
  if ARGV[5] == 'LMOVE' then return redis.call('LMOVE', KEYS[2], to, 'RIGHT', 'LEFT') end
  return redis.call('RPOPLPUSH', KEYS[2], to)
end
-- What stays is set aside at the new end, and put back before anybody can see it.
local aside, moved, archived = tonumber(ARGV[6]), 0, 0
for _ = 1, aside do step(KEYS[2]) end
for index = 8, #ARGV, 2 do
  local what, count = ARGV[index], tonumber(ARGV[index + 1])
  for _ = 1, count do
    if what == 'archive' then redis.call('RPOP', KEYS[2]) else step(what == 'move' and KEYS[3] or KEYS[2]) end
  end
  if what == 'move' then moved = moved + count end
  if what == 'keep' then aside = aside + count end
  if what == 'archive' then archived = archived + count end
end
if ARGV[5] == 'LMOVE' then
  for _ = 1, aside do redis.call('LMOVE', KEYS[2], KEYS[2], 'LEFT', 'RIGHT') end
elseif aside > 0 then
  for _ = 1, redis.call('LLEN', KEYS[2]) - aside do step(KEYS[2]) end
end
redis.call('HINCRBY', KEYS[1], 'moved', moved)
if archived > 0 then
  redis.call('HINCRBY', KEYS[1], 'archived', archived)
  redis.call('HSET', KEYS[1], 'chunk:' .. ARGV[7], '1')
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return moved
