--[[
The jobs of which Redis had lost its note are settled: from now on a claim that the note does not name has not begun.

KEYS[1]  the restore's note
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn

Answers 1. -1: another turn has begun.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'turn', 'claim')
if note[1] ~= ARGV[2] then return -1 end
if note[2] == '?' then redis.call('HSET', KEYS[1], 'claim', '') end
return 1
