--[[
Moves the oldest jobs of a list of reliable_fetch to the end of their queue. No key tells whether its owner lives, so at
this very instant every process that could own it must be seen to use super_fetch, and no process may run one of its jobs
(reference: 5.4). The mark (size and both ends) proves that the list is the one that was judged.

KEYS[1]  the rescue's note
KEYS[2]  the private list
KEYS[3]  the queue that its jobs belong to
KEYS[4]  the set `queues`
KEYS[5]  the set `processes`
KEYS[6]  the set `super_processes`
KEYS[7…] as many as ARGV[8] says: hashes of processes that were found dead; then the work hashes of those that live
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the mark: LENGTH:SHA1 of the newest:SHA1 of the oldest
ARGV[4]  the name of the queue in `queues`
ARGV[5]  LMOVE, or RPOPLPUSH before Redis 6.2
ARGV[6]  how many jobs at the old end were judged before and stay
ARGV[7]  the chunk that holds the jobs which are archived, 0 for none
ARGV[8]  how many dead processes
ARGV[9]  how many processes follow that can't own it: on another host, of other queues, or dead
ARGV[10] how many jids follow these
ARGV[11…] those processes, the jids; then what happens to the following jobs, the oldest first: pairs of `move`, `keep`
         or `archive` and a number

Answers how many were moved. -1: another turn has begun. -2: the list is not as it was judged. -3: a key is something else.
-4: a process lives that may own it. -5: one of its jobs is running.
]]
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[2] then return -1 end
local dead, cleared, jids = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
for index = 7, 6 + dead do
  if redis.call('EXISTS', KEYS[index]) == 1 then return -4 end
end
local isCleared, isMoving = {}, {}
for index = 11, 10 + cleared do isCleared[ARGV[index]] = true end
for index = 11 + cleared, 10 + cleared + jids do isMoving[ARGV[index]] = true end
for _, process in ipairs(redis.call('SMEMBERS', KEYS[5])) do
  if not isCleared[process] and redis.call('SISMEMBER', KEYS[6], process) == 0 then return -4 end
end
for index = 7 + dead, #KEYS do
  for _, work in ipairs(redis.call('HVALS', KEYS[index])) do
    -- The payload is a text in a text, so its quotes may be escaped.
    for jid in string.gmatch(work, 'jid\\*"%s*:%s*\\*"([^"\\]+)') do
      if isMoving[jid] then return -5 end
    end
  end
end
local first = 11 + cleared + jids
local list, queue = redis.call('TYPE', KEYS[2]).ok, redis.call('TYPE', KEYS[3]).ok
if list == 'none' then return -2 end
if list ~= 'list' or (queue ~= 'list' and queue ~= 'none') then return -3 end
local mark = redis.call('LLEN', KEYS[2])
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], 0))
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], -1))
if mark ~= ARGV[3] then return -2 end
-- First, for a full Redis and a user who may not must stop it before anything has happened.
for index = first, #ARGV, 2 do
  if ARGV[index] == 'move' then redis.call('SADD', KEYS[4], ARGV[4]) break end
end
local function step(to)
  if ARGV[5] == 'LMOVE' then return redis.call('LMOVE', KEYS[2], to, 'RIGHT', 'LEFT') end
  return redis.call('RPOPLPUSH', KEYS[2], to)
end
-- What stays is set aside at the new end, and put back before anybody can see it.
local aside, moved, archived = tonumber(ARGV[6]), 0, 0
for _ = 1, aside do step(KEYS[2]) end
for index = first, #ARGV, 2 do
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
