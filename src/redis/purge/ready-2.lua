--[[
What was pending, and what Redis had forgotten, is settled: from now on a chunk that the note does not name has lost no job,
and the next one follows on the last that is on record.

KEYS[1]  the purge's note
KEYS[2]  which jobs of the chunk have left
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the number of the last chunk on record

Answers 1. -1: another turn has begun.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[2] then return -1 end
redis.call('HSET', KEYS[1], 'chunk', ARGV[3])
redis.call('DEL', KEYS[2])
return 1
