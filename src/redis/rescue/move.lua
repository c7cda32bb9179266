--[[
The end of the scripts that move jobs out of a private list: these have seen that its owner is gone, under the keys and arguments
that both have alike; `first` is where the pairs of what happens and a number begin.
]]
local list, queue = redis.call('TYPE', KEYS[2]).ok, redis.call('TYPE', KEYS[3]).ok
if list == 'none' then return -2 end
if list ~= 'list' or (queue ~= 'list' and queue ~= 'none') then return -3 end
local mark = redis.call('LLEN', KEYS[2])
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], 0))
  .. ':' .. redis.sha1hex(redis.call('LINDEX', KEYS[2], -1))
if mark ~= ARGV[3] then return -2 end
-- First, for a full Redis and a user who may not must stop it before anything has happened.
for index = first, #ARGV, 2 do
  if ARGV[index] == 'move' then redis.call('SADD', KEYS[4], ARGV[4]) break end
end
local function step(to)
  if ARGV[5] == 'LMOVE' then return redis.call('LMOVE', KEYS[2], to, 'RIGHT', 'LEFT') end
  return redis.call('RPOPLPUSH', KEYS[2], to)
end
-- What stays is set aside at the new end, and put back before anybody can see it.
local aside, moved, archived = tonumber(ARGV[6]), 0, 0
for _ = 1, aside do step(KEYS[2]) end
for index = first, #ARGV, 2 do
  local what, count = ARGV[index], tonumber(ARGV[index + 1])
  for _ = 1, count do
    if what == 'archive' then redis.call('RPOP', KEYS[2]) else step(what == 'move' and KEYS[3] or KEYS[2]) end
  end
  if what == 'move' then moved = moved + count end
  if what == 'keep' then aside = aside + count end
  if what == 'archive' then archived = archived + count end
end
if ARGV[5] == 'LMOVE' then
  for _ = 1, aside do redis.call('LMOVE', KEYS[2], KEYS[2], 'LEFT', 'RIGHT') end
elseif aside > 0 then
  for _ = 1, redis.call('LLEN', KEYS[2]) - aside do step(KEYS[2]) end
end
redis.call('HINCRBY', KEYS[1], 'moved', moved)
if archived > 0 then
  redis.call('HINCRBY', KEYS[1], 'archived', archived)
  redis.call('HSET', KEYS[1], 'chunk:' .. ARGV[7], '1')
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return moved
