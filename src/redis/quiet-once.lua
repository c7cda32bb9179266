--[[
Sends a process the signal that makes it quiet, at most once for an action, however often the script is run. What people approved is
looked at again in the same instant: the process must still be there, and not be quiet already.

KEYS[1]  the process's hash, ID
KEYS[2]  its signals list, ID-signals; the process takes one signal from it at each beat
KEYS[3]  the mark that says it was sent for this action
ARGV[1]  for how many seconds the signal may wait to be taken
ARGV[2]  for how many seconds the mark is kept
ARGV[3]  the signal: TSTP, or USR1 for Sidekiq 4 and older

Answers 1: sent. 0: it was sent before for this action. -1: the process is gone. -2: it is quiet already.
]]
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('HGET', KEYS[1], 'quiet') == 'true' then return -2 end
redis.call('SET', KEYS[3], '1', 'EX', ARGV[2])
redis.call('LPUSH', KEYS[2], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return 1
