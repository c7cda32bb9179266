--[[
Puts archived jobs into the retry or the scheduled set, and notes in the same instant that it did.

KEYS[1]  the restore's note
KEYS[2]  the sorted set
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the claim that these jobs are in
ARGV[4]  how many of its jobs went before them
ARGV[5]  how many are back before them in all
ARGV[6]  how many of these are overdue
ARGV[7…] the score and the bytes of each job in turn

Answers 1. -1: another turn has begun. -2: out of step. -3: the set is something else.
]]
-- begins in claimed.lua
if type ~= 'zset' and type ~= 'none' then return -3 end
-- The first write is one that a full Redis refuses: nothing has happened yet. What stands there already keeps its time.
redis.call('ZADD', KEYS[2], 'NX', unpack(ARGV, 7))
redis.call('HSET', KEYS[1], 'claim', ARGV[3], 'done', done + (#ARGV - 6) / 2, 'back', ARGV[5] + (#ARGV - 6) / 2)
redis.call('HINCRBY', KEYS[1], 'late', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
