/** Tests talk only to a Redis of their own; the demo starts its private one by the same code. */
export { type RedisServer, startRedisServer } from '../src/sandbox/redis-server.ts';
