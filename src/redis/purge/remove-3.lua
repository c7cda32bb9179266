--[[
Removes archived jobs from a list or a sorted set by their very bytes, each once, and notes which of them were still there.

KEYS[1]  the purge's note
KEYS[2]  which jobs of the chunk have left
KEYS[3]  the list or set
ARGV[1]  for how many seconds the note is kept
ARGV[2]  the turn
ARGV[3]  the chunk that these jobs are in
ARGV[4]  how many of its jobs went before them
ARGV[5]  what the key is: `list` or `zset`
ARGV[6…] the jobs

Answers a text with 1 or 0 for each job. -1: another turn has begun. -2: out of step. -3: the key is something else.
]]
redis.call('EXPIRE', KEYS[1], ARGV[1])
local note = redis.call('HMGET', KEYS[1], 'turn', 'chunk')
if note[1] ~= ARGV[2] then return -1 end
local done = note[2] == ARGV[3] and redis.call('STRLEN', KEYS[2]) or 0
if done ~= tonumber(ARGV[4]) then return -2 end
-- A Redis that came back as it was before does not know the chunk before this one.
if note[2] ~= ARGV[3] and tonumber(note[2]) ~= ARGV[3] - 1 then return -2 end
local type = redis.call('TYPE', KEYS[3]).ok
if type ~= ARGV[5] and type ~= 'none' then return -3 end
if done == 0 then
  redis.call('HSET', KEYS[1], 'chunk', ARGV[3])
  redis.call('DEL', KEYS[2])
end
local left = {}
for index = 6, #ARGV do
  if ARGV[5] == 'list' then
    left[#left + 1] = redis.call('LREM', KEYS[3], 1, ARGV[index])
  else
    left[#left + 1] = redis.call('ZREM', KEYS[3], ARGV[index])
  end
end
left = table.concat(left)
redis.call('APPEND', KEYS[2], left)
redis.call('EXPIRE', KEYS[2], ARGV[1])
return left
