--[[
Takes archived jobs out of a queue again by their very bytes, each once, and notes which of them were still there.

KEYS[1]  the note of the action: a hash with `turn`, `archived` and `left:N` for each chunk that was tried
KEYS[2]  the queue
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the chunk that these jobs are in
ARGV[4…] the jobs

Answers a text with 1 or 0 for each job. -1: another turn has begun. -3: the key is something else.
]]
-- EXPIRE comes first: a write that a full Redis allows, and after a write a script may do any other.
redis.call('EXPIRE', KEYS[1], ARGV[1])
if redis.call('HGET', KEYS[1], 'turn') ~= ARGV[2] then return -1 end
local type = redis.call('TYPE', KEYS[2]).ok
if type ~= 'list' and type ~= 'none' then return -3 end
local left, archived = {}, 0
for index = 4, #ARGV do
  left[#left + 1] = redis.call('LREM', KEYS[2], 1, ARGV[index])
  archived = archived + left[#left]
end
left = table.concat(left)
redis.call('HINCRBY', KEYS[1], 'archived', archived)
redis.call('HSET', KEYS[1], 'left:' .. ARGV[3], left)
return left
