--[[
What was pending when Redis had lost its note is settled: from now on a chunk that the note does not name has lost no job.

KEYS[1]  the purge's note
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn

Answers 1. -1: another turn has begun.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'turn', 'chunk')
if note[1] ~= ARGV[2] then return -1 end
if note[2] == '?' then redis.call('HSET', KEYS[1], 'chunk', '0') end
return 1
