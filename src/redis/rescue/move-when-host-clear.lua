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
-- goes on in move.lua
