import type { Fault } from './fault.ts';
import { environmentValue, type Outside } from './outside-values.ts';
import { Secret } from './secret.ts';

const SLACK_API_URL = 'https://slack.com/api/';

export type SlackSettings = {
  readonly botToken: Secret;
  readonly apiUrl: string;
  readonly mode: SlackMode;
};

/** Socket Mode needs no public address and wins when both are set. */
export type SlackMode =
  | { readonly type: 'socket'; readonly appToken: Secret }
  | { readonly type: 'http'; readonly signingSecret: Secret };

export function slackSettings(outside: Outside, faults: Fault[]): SlackSettings | undefined {
  const botToken = token('SLACK_BOT_TOKEN', 'xoxb-', outside, faults);
  const apiUrl = slackApiUrl(outside, faults);
  const mode = slackMode(outside, faults);
  if (botToken === undefined || apiUrl === undefined || mode === undefined) return undefined;
  return { botToken, apiUrl, mode };
}

function slackMode(outside: Outside, faults: Fault[]): SlackMode | undefined {
  const isSet = (name: string) => (outside.env[name] ?? '').trim() !== '';
  if (isSet('SLACK_APP_TOKEN')) {
    const appToken = token('SLACK_APP_TOKEN', 'xapp-', outside, faults);
    return appToken === undefined ? undefined : { type: 'socket', appToken };
  }
  if (isSet('SLACK_SIGNING_SECRET')) {
    const signingSecret = environmentValue('SLACK_SIGNING_SECRET', outside, faults);
    return signingSecret === undefined
      ? undefined
      : { type: 'http', signingSecret: new Secret(signingSecret) };
  }
  faults.push({
    path: 'SLACK_APP_TOKEN',
    expected: 'an app-level token (Socket Mode), or SLACK_SIGNING_SECRET (HTTP mode)',
    given: 'neither is set',
    remedy: 'In the app’s settings: Basic Information, App-Level Tokens, with the scope connections:write.',
  });
  return undefined;
}

function token(name: string, prefix: string, outside: Outside, faults: Fault[]): Secret | undefined {
  const before = faults.length;
  const value = environmentValue(name, outside, faults);
  if (faults.length > before) return undefined;
  if (value?.startsWith(prefix)) return new Secret(value);
  faults.push({
    path: name,
    expected: `a token that begins with ${prefix}`,
    given: value === undefined ? 'it is not set' : `${value.length} characters that begin otherwise`,
    remedy:
      name === 'SLACK_BOT_TOKEN'
        ? 'In the app’s settings: OAuth & Permissions, Bot User OAuth Token.'
        : 'In the app’s settings: Basic Information, App-Level Tokens, with the scope connections:write.',
  });
  return undefined;
}

/** Whoever gets this address gets the bot token with every call, so a strange one has to be said twice. */
function slackApiUrl(outside: Outside, faults: Fault[]): string | undefined {
  const given = environmentValue('SLACK_API_URL', outside, faults) ?? SLACK_API_URL;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    faults.push({
      path: 'SLACK_API_URL',
      expected: `an http or https address such as ${SLACK_API_URL}`,
      given: `${given.length} characters that are not one`,
      remedy: 'Leave it out, unless you test against a stand-in for Slack.',
    });
    return undefined;
  }
  const normalised = url.href.endsWith('/') ? url.href : `${url.href}/`;
  const mayBeRemote = outside.env['SLACK_API_URL_ALLOW_REMOTE'] === '1';
  if (normalised === SLACK_API_URL || isLoopback(url.hostname) || mayBeRemote) return normalised;
  faults.push({
    path: 'SLACK_API_URL',
    expected: 'Slack’s own address, or one on this machine: the bot token is sent to it',
    given: `the host ${url.hostname}`,
    remedy: 'Leave it out; or, if that host may hold your token, set SLACK_API_URL_ALLOW_REMOTE=1.',
  });
  return undefined;
}

/** An address in 127.0.0.0/8 in full, ::1, or localhost itself; "127.evil.example" is none of them. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
