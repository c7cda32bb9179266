--[[
Begins a turn of a restore: whatever an earlier turn has sent and that is still on its way does nothing any more. Answers
how far it came, so that the archive can be settled.

KEYS[1]  the restore's note: a hash with `fence`, `turn`, `claim` (the jobs that went last), `done` (how many of them),
         `late` (how many were overdue in all) and `back` (how many went in all)
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the fence of the lease under which this bot runs

Answers {turn, claim, done, late, back}; claim is "?" where there was no note, and until `ready-1` says that this was settled.
back is -1 in a note from before it was counted.
{0} when a bot with a younger lease has been here.
]]
-- EXPIRE comes first: a write that a full Redis allows, and after a write a script may do any other. What a full Redis
-- refuses are the jobs; how far they came must be known then too.
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'fence', 'claim', 'done', 'late', 'back')
if note[1] and tonumber(note[1]) > tonumber(ARGV[2]) then return { 0 } end
redis.call('HSET', KEYS[1], 'fence', ARGV[2], 'claim', note[2] or '?', 'done', note[3] or '0', 'late', note[4] or '0')
local turn = redis.call('HINCRBY', KEYS[1], 'turn', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
local back = note[5] or (note[2] and note[2] ~= '?' and '-1') or '0'
return { turn, note[2] or '?', tonumber(note[3] or '0'), tonumber(note[4] or '0'), tonumber(back) }
