import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMANDS } from '../../commands/index.ts';

/** What Slack takes of a manifest (reference: app manifest), as far as ours goes; strict, so that a typing slip shows. */
const manifest = z
  .strictObject({
    _metadata: z.strictObject({ major_version: z.literal(2) }),
    display_information: z.strictObject({
      name: z.string().max(35),
      description: z.string().max(140),
      long_description: z.string().min(175).max(4000),
      background_color: z.string().regex(/^#[0-9a-f]{6}$/),
    }),
    features: z.strictObject({
      bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
      app_home: z.strictObject({
        home_tab_enabled: z.boolean(),
        messages_tab_enabled: z.boolean(),
        messages_tab_read_only_enabled: z.boolean(),
      }),
      slash_commands: z.array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z]{1,31}$/),
          description: z.string().max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      ),
    }),
    oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
    settings: z.strictObject({
      event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
      interactivity: z.strictObject({ is_enabled: z.literal(true) }),
      org_deploy_enabled: z.literal(false),
      socket_mode_enabled: z.literal(true),
      token_rotation_enabled: z.literal(false),
    }),
  })
  .parse(parse(readFileSync('manifest.yml', 'utf8')));

const SOURCE = readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src/slack', name), 'utf8'))
  .join('\n');

/** The scopes of which each Web API method needs all. Methods that need none are named too, so that a new one is looked up. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.members': ['channels:read', 'groups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
};

test('there is one slash command, escaped, and its hint shows every subcommand as it is written', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(['/sidekiq']);
  const [sidekiq] = manifest.features.slash_commands;
  expect(sidekiq?.should_escape).toBe(true);
  expect(sidekiq?.usage_hint).toBe(`[${COMMANDS.map(({ usage }) => usage).join(' | ')}]`);
});

test('the scopes are those of the methods that are called, and no more', () => {
  const called = [
    ...SOURCE.matchAll(/\.((?:auth|chat|conversations|users|usergroups|views|files)(?:\.\w+)+)\(/g),
  ].map(([, method]) => method ?? '');
  expect(new Set(called)).toEqual(new Set(Object.keys(SCOPES)));
  const needed = new Set(['commands', ...called.flatMap((method) => SCOPES[method] ?? [])]);
  expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
});

test('the events are those that are listened to', () => {
  const heard = [...SOURCE.matchAll(/app\.event\('(\w+)'/g)].map(([, name]) => name);
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(heard);
});
