--[[
Begins a turn of a purge: whatever an earlier turn has sent and that is still on its way does nothing any more. Answers
what the last turn has done, so that the archive can be settled.

KEYS[1]  the purge's note: a hash with `fence`, `turn` and `chunk`, the last chunk of which jobs left Redis
KEYS[2]  for each job of that chunk in order: 1 when it left, 0 when a worker had taken it
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the fence of the lease under which this bot runs

Answers {turn, chunk, what KEYS[2] holds}; chunk is -1 where there was no note, and until `ready-2` says that this was settled.
{0} when a bot with a younger lease has been here.
]]
-- EXPIRE comes first in every script: a write that a full Redis allows, and after a write a script may do any other.
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'fence', 'chunk')
if note[1] and tonumber(note[1]) > tonumber(ARGV[2]) then return { 0 } end
if not note[2] then redis.call('DEL', KEYS[2]) end
redis.call('HSET', KEYS[1], 'fence', ARGV[2], 'chunk', note[2] or '?')
local turn = redis.call('HINCRBY', KEYS[1], 'turn', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
-- Adds nothing; but a user who may not APPEND learns it here, and not when jobs have left.
redis.call('APPEND', KEYS[2], '')
redis.call('EXPIRE', KEYS[2], ARGV[1])
return { turn, tonumber(note[2]) or -1, redis.call('GET', KEYS[2]) }
