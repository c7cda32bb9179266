import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config.ts';

/** What deploy/ gives out, as far as it can be checked without a container engine and a cluster. */

const run = promisify(execFile);
const { version, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const read = (path: string) => readFileSync(path, 'utf8');

/** The settings of a deployment are taken by the very parser; secrets stand for the files that will be mounted. */
function settingsFaults(env: Record<string, string>, file: string | undefined) {
  const secrets: Record<string, string> = {
    'slack-bot-token': 'xoxb-1',
    'slack-app-token': 'xapp-1',
    'redis-url': 'redis://127.0.0.1/0',
    'database-url': 'postgres://u:p@127.0.0.1/x',
    'audit-key': 'a-key-that-is-long-enough',
  };
  // As a process hands them on: the redis address in the settings is the file's text.
  const readFile = (path: string) =>
    path.startsWith('/config/')
      ? file
      : secrets[(path.split('/').at(-1) ?? '').replaceAll('_', '-').replace('sidekiq-', '')];
  const parsed = parseConfig({ env, readFile });
  return parsed.ok ? [] : parsed.faults;
}

test('the image runs as nobody special, hears SIGTERM itself, and has Node and the version of the package', () => {
  const dockerfile = read('Dockerfile');
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(new Set(images)).toEqual(new Set([`node:${devDependencies.node}-trixie-slim`]));
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
  expect(last).toMatch(/^USER node$/m);
  expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node", "--max-semi-space-size=8"'));
  // The list form: a shell in between would not pass a signal on.
  expect(last).toMatch(/^CMD \["node", .*"src\/main\.ts"\]$/m);
  expect(dockerfile).toMatch(/npm ci --omit=dev/);
  for (const [, from = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
    for (const path of from.split(' ')) expect(read('.dockerignore')).toContain(`!${path}\n`);
  }
});

test('the compose file is the version of the package, read-only, without rights, with its secrets as files', () => {
  const { services, secrets } = parse(read('deploy/compose.yml'));
  const { bot, postgres } = services;
  expect(bot.image).toBe(`poison-control:${version}`);
  expect(bot).toMatchObject({
    user: 'node',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    stop_grace_period: '30s',
  });
  expect(bot.ports).toEqual(['127.0.0.1:3000:3000']);
  expect(postgres.image).toMatch(/^postgres:\d+\.\d+/);
  expect(bot.depends_on.postgres.condition).toBe('service_healthy');
  for (const name of [...bot.secrets, ...postgres.secrets])
    expect(secrets[name].file).toBe(`./secrets/${name}`);
  for (const value of Object.values(bot.environment)) expect(value).not.toMatch(/xox|:\/\//);
  const env = { ...bot.environment, POISON_CONTROL_CONFIG: '/config/poison-control.yml' };
  const file = read('poison-control.example.yml');
  expect(settingsFaults({ ...env, PAYROLL_REDIS_URL: 'redis://127.0.0.1/0' }, file)).toEqual([]);
});

test('every field of the Kubernetes manifests is one that Kubernetes knows', () => {
  for (const document of parseAllDocuments(read('deploy/kubernetes.yml'))) {
    const given = document.toJS();
    // What the client's models don't know is lost on the way.
    expect(parse(dumpYaml(loadYaml(document.toString())))).toEqual(given);
  }
});

test('the pods have no rights, write nowhere, and their settings are taken by the bot', () => {
  const documents = parseAllDocuments(read('deploy/kubernetes.yml')).map((document) => document.toJS());
  const ofKind = (kind: string) => documents.find((document) => document.kind === kind);
  const { replicas, template, selector } = ofKind('Deployment').spec;
  expect(replicas).toBe(2);
  expect(template.metadata.labels).toMatchObject(selector.matchLabels);
  const { containers, volumes, securityContext, terminationGracePeriodSeconds } = template.spec;
  expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(template.spec.automountServiceAccountToken).toBe(false);
  // The bot itself gives up after 20 s.
  expect(terminationGracePeriodSeconds).toBeGreaterThan(20);
  const [bot] = containers;
  expect(bot.image).toBe(`poison-control:${version}`);
  expect(bot.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(bot.volumeMounts.every(({ readOnly }: { readOnly: boolean }) => readOnly)).toBe(true);
  expect(bot.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(
    volumes.map(({ name }: { name: string }) => name),
  );
  expect(bot.readinessProbe.httpGet.path).toBe('/readyz');
  expect(bot.livenessProbe.httpGet.path).toBe('/healthz');
  const env = Object.fromEntries(
    bot.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  expect(settingsFaults(env, ofKind('ConfigMap').data['poison-control.yml'])).toEqual([]);
});

test('systemd takes the unit, and finds it well shut in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-unit-'));
  try {
    const path = join(folder, 'poison-control.service');
    // It looks for the program; here it is elsewhere, as may the manual be.
    const unit = read('deploy/poison-control.service')
      .replace('/usr/bin/node', process.execPath)
      .replaceAll('/opt/poison-control', process.cwd());
    await writeFile(path, unit);
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', path]);
    expect(`${stdout}${stderr}`).toBe('');
    // Of 100, where 0 is a cage and 96 the default; it exits with 1 above the threshold.
    await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', path]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
