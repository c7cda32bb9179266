--[[
The jobs of which Redis had lost its note are settled: from now on a claim that the note does not name has not begun, and
as many jobs are back as the archive says.

KEYS[1]  the restore's note
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  how many jobs are back

Answers 1. -1: another turn has begun.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'turn', 'claim')
if note[1] ~= ARGV[2] then return -1 end
redis.call('HSET', KEYS[1], 'claim', note[2] == '?' and '' or note[2], 'back', ARGV[3])
return 1
