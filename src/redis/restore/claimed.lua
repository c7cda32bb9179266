local note = redis.call('HMGET', KEYS[1], 'turn', 'claim', 'done', 'back')
if note[1] ~= ARGV[2] then return -1 end
local done = note[2] == ARGV[3] and tonumber(note[3]) or 0
if done ~= tonumber(ARGV[4]) then return -2 end
-- A Redis that came back as it was before does not know all that went before.
if note[4] ~= ARGV[5] then return -2 end
local type = redis.call('TYPE', KEYS[2]).ok
