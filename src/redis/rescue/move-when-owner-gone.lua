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
local first = 8
-- goes on in move.lua
