--[[
Begins a turn of a rescue: whatever an earlier turn has sent and that is still on its way does nothing any more. Answers
what all turns have done so far.

KEYS[1]  the rescue's note: a hash with `fence`, `turn`, `moved`, `archived` and `chunk:N` for each chunk of which the jobs left
KEYS[2]  a key that does not exist, to learn whether this user may move at all
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the fence of the lease under which this bot runs
ARGV[3]  LMOVE, or RPOPLPUSH before Redis 6.2

Answers {turn, moved, archived, 1 when there was a note}. {0} when a bot with a younger lease has been here.
]]
local note = redis.call('HMGET', KEYS[1], 'fence', 'moved', 'archived')
if note[1] and tonumber(note[1]) > tonumber(ARGV[2]) then return { 0 } end
-- Nothing is there to be moved; but who may not do so learns it here, and not half-way.
if ARGV[3] == 'LMOVE' then
  redis.call('LMOVE', KEYS[2], KEYS[2], 'RIGHT', 'LEFT')
else
  redis.call('RPOPLPUSH', KEYS[2], KEYS[2])
end
redis.call('RPOP', KEYS[2])
redis.call('HSET', KEYS[1], 'fence', ARGV[2])
local turn = redis.call('HINCRBY', KEYS[1], 'turn', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return { turn, tonumber(note[2] or '0'), tonumber(note[3] or '0'), note[1] and 1 or 0 }
