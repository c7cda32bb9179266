import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { describeFaults } from '../../src/config/fault.ts';
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
  expect(validate(dockerfile)).toEqual([]);
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
});

test('the secrets that the guide makes for compose are those that it wants, fit each other, and are taken with the example’s settings', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-compose-'));
  try {
    const [, block = 'false'] = /^```sh-compose\n([\s\S]*?)^```$/m.exec(read('docs/guides/install.md')) ?? [];
    const redisUrl = 'redis://poison-control:hunter2@host.docker.internal:6379/0';
    await run('bash', ['-euc', block], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        SLACK_BOT_TOKEN: 'xoxb-1',
        SLACK_APP_TOKEN: 'xapp-1',
        SIDEKIQ_REDIS_URL: redisUrl,
      },
    });
    const { services, secrets } = parse(read('deploy/compose.yml'));
    const made = await readdir(join(folder, 'deploy', 'secrets'));
    expect(made.toSorted()).toEqual(Object.keys(secrets).toSorted());
    const secretIn = (name: string) => read(join(folder, 'deploy', 'secrets', name));
    for (const name of made)
      expect(statSync(join(folder, 'deploy', 'secrets', name)).mode & 0o077, name).toBe(0);
    const parsed = parseConfig({
      env: { ...services.bot.environment, POISON_CONTROL_CONFIG: '/config/poison-control.yml' },
      readFile: (path) =>
        path.startsWith('/run/secrets/')
          ? secretIn(path.slice('/run/secrets/'.length))
          : read('poison-control.example.yml'),
    });
    if (!parsed.ok) throw new Error(describeFaults(parsed.faults));
    const { config } = parsed;
    // Not this machine's loopback, which would be the container's own.
    expect(config.sidekiqs.map(({ redisUrl: address }) => address.reveal())).toEqual([redisUrl]);
    expect(services.bot.extra_hosts).toEqual(['host.docker.internal:host-gateway']);
    const store = new URL(config.databaseUrl.reveal());
    const { POSTGRES_USER: user, POSTGRES_DB: database } = services.postgres.environment;
    expect(store).toMatchObject({
      username: user,
      password: secretIn('postgres_password').trim(),
      pathname: `/${database}`,
      port: '5432',
    });
    expect(Object.keys(services)).toContain(store.hostname);
  } finally {
    await rm(folder, { recursive: true });
  }
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
    // It looks for the program, which `script/install-packages` has put into the checkout.
    const unit = read('deploy/poison-control.service').replaceAll('/opt/poison-control', process.cwd());
    // The Node that the packages bring: a machine's own may be older.
    expect(devDependencies.node).toMatch(/^24\./);
    expect(unit).toContain(`\nExecStart=${process.cwd()}/node_modules/.bin/node `);
    await writeFile(path, unit);
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', path]);
    expect(`${stdout}${stderr}`).toBe('');
    // Of 100, where 0 is a cage and 96 the default; it exits with 1 above the threshold.
    await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', path]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
