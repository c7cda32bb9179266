import { expect, test } from 'vitest';
import { parseRedisAddress, placeOf } from '../../src/core/redis-address.ts';

function addressOf(url: string) {
  const address = parseRedisAddress(url);
  if ('fault' in address) throw new Error(address.fault);
  return address;
}

test('a plain URL needs only its host', () => {
  expect(addressOf('redis://redis.internal')).toMatchObject({
    hosts: [{ host: 'redis.internal', port: 6379 }],
    sentinelName: undefined,
    database: 0,
    username: undefined,
    password: undefined,
    tls: undefined,
  });
  expect(addressOf('redis://app:p%40ss%2F@127.0.0.1:6380/3')).toMatchObject({
    hosts: [{ host: '127.0.0.1', port: 6380 }],
    database: 3,
    username: 'app',
    password: 'p@ss/',
  });
  expect(addressOf('redis://:secret@[::1]:6380/')).toMatchObject({
    hosts: [{ host: '::1' }],
    username: undefined,
    password: 'secret',
  });
});

test('Sentinels are hosts with the name of their master behind them', () => {
  const address = addressOf(
    'redis+sentinel://:pw@s1:26379,s2,[::1]:26381/mymaster/2?sentinel_password=other',
  );
  expect(address).toMatchObject({
    hosts: [
      { host: 's1', port: 26379 },
      { host: 's2', port: 26379 },
      { host: '::1', port: 26381 },
    ],
    sentinelName: 'mymaster',
    database: 2,
    password: 'pw',
    sentinelPassword: 'other',
  });
  expect(placeOf(address)).toBe('mymaster/2 behind s1:26379,s2:26379,[::1]:26381');
});

test('TLS takes an authority, a name and, if need be, any certificate', () => {
  expect(addressOf('rediss://h?ca=/etc/ca.pem&servername=redis.internal').tls).toEqual({
    caPath: '/etc/ca.pem',
    servername: 'redis.internal',
    isVerified: true,
  });
  expect(addressOf('rediss+sentinel://h/m?verify=no').tls?.isVerified).toBe(false);
});

test.each([
  'http://h',
  'redis://',
  'redis://h:99999',
  'redis://h:0',
  'redis://h/zero',
  'redis://h/0/1',
  'redis://h1,h2/0',
  'redis+sentinel://h1,h2',
  'redis://user:secret@h?passwort=secret',
  'redis://user:sec/ret@h',
  'redis://:pw?sec=ret@h',
])('%s is refused, and no secret is repeated', (url) => {
  const address = parseRedisAddress(url);
  expect(address).toHaveProperty('fault');
  expect(JSON.stringify(address)).not.toContain('sec');
});
