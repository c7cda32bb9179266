--[[
Puts archived jobs at the back of a queue, and notes in the same instant that it did.

KEYS[1]  the restore's note
KEYS[2]  the queue
KEYS[3]  the set `queues`
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the claim that these jobs are in
ARGV[4]  how many of its jobs went before them
ARGV[5]  how many are back before them in all
ARGV[6]  the name of the queue in `queues`
ARGV[7…] the jobs, the oldest first

Answers 1. -1: another turn has begun. -2: out of step. -3: the queue is something else.
]]
-- begins in claimed.lua
if type ~= 'list' and type ~= 'none' then return -3 end
-- The first write is one that a full Redis refuses, and whoever may not do it learns it here: nothing has happened yet.
redis.call('SADD', KEYS[3], ARGV[6])
redis.call('LPUSH', KEYS[2], unpack(ARGV, 7))
redis.call('HSET', KEYS[1], 'claim', ARGV[3], 'done', done + #ARGV - 6, 'back', ARGV[5] + #ARGV - 6)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
