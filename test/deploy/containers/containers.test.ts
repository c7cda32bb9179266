import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsRunBy } from '../../docs/inventory.ts';
import { blockOf, blocksOf } from '../../docs/pages.ts';
import { eventually } from '../../eventually.ts';
import { startPostgresServer } from '../../postgres-server.ts';
import { openDoor } from './door.ts';
import { type Engine, startEngine } from './engine.ts';
import { buildImages } from './images.ts';
import { answers, HOST, openStage } from './stage.ts';

/** What deploy/ gives out, run by a container engine and by systemd, as the guides say. */

const BUILD_WITHIN_MS = 900_000;
const RUN_WITHIN_MS = 300_000;
const CHECKOUT = '/shared/checkout';
/** A key of the audit log for those whom the guide tells to make one. */
const AUDIT_KEY = '0123456789abcdef0123456789abcdef';
const ME = 'test/deploy/containers/containers.test.ts';
const TOOLS = blocksOf('sh-container').flatMap(({ lines }) => lines);
let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  await buildImages(engine);
}, BUILD_WITHIN_MS);

afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
});

const inCheckout = (line: string) => engine.sh(line, CHECKOUT);

test(
  'compose builds and starts the bot and its PostgreSQL; it answers, is caged, can be asked and copied, and goes on after a stop',
  async () => {
    await using stage = await openStage(engine);
    const compose = await readFile('deploy/compose.yml', 'utf8');
    const address = Object.entries(stage.slackAddress).map(([name, value]) => `      ${name}: "${value}"\n`);
    await writeFile(
      join(engine.shared, 'checkout/deploy/compose.yml'),
      compose.replace('    environment:\n', `    environment:\n${address.join('')}`),
    );
    await copyFile('poison-control.example.yml', join(engine.shared, 'checkout/poison-control.yml'));
    const set = Object.entries(stage.secrets).map(([name, value]) => `export ${name}=${value}\n`);
    await inCheckout(`${set.join('')}${blockOf('sh-compose').text}`);
    await inCheckout(blockOf('sh-compose-up').text);
    await answers(stage);

    const bot = 'docker compose -f deploy/compose.yml exec bot';
    expect(await inCheckout(`${bot} cat /proc/1/status`)).toMatch(
      /^Uid:\t1000\t[\s\S]*^CapEff:\t0+$[\s\S]*^NoNewPrivs:\t1$/m,
    );
    await expect(inCheckout(`${bot} touch /app/here`)).rejects.toThrow('Read-only file system');
    const inspect = (what: string) =>
      inCheckout(`docker inspect poison-control-bot-1 --format '{{${what}}}'`);
    expect((await inspect('.HostConfig.Memory')).trim()).toBe(String(512 * 1024 * 1024));
    await eventually(async () => (await inspect('.State.Health.Status')).trim() === 'healthy');
    const ask = 'exec 3<>/dev/tcp/127.0.0.1/3000; printf "GET /readyz HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3';
    expect(await engine.sh(ask)).toMatch(/^HTTP\/1.1 200[\s\S]*ready/);

    const asked = [...TOOLS, ...commandsRunBy(ME)];
    for (const line of asked.filter((each) => each.startsWith('docker compose'))) await inCheckout(line);
    await inCheckout(blockOf('sh-compose-copy').text);
    expect((await inCheckout('stat --format %a poison-control.dump')).trim()).toBe('600');

    await inCheckout('docker compose -f deploy/compose.yml stop');
    expect((await inspect('.State.ExitCode')).trim()).toBe('0');
    await inCheckout('docker compose -f deploy/compose.yml up -d');
    await answers(stage);
    const kept = await inCheckout(`${bot} node src/bin/poison-control.ts sidekiq audit`);
    expect(kept).toMatch(/bot started[\s\S]*bot stopped[\s\S]*bot started/);
    await inCheckout('docker compose -f deploy/compose.yml down --volumes');
  },
  RUN_WITHIN_MS,
);

test(
  'the Kubernetes manifest starts a bot on a PostgreSQL, in the cage that it describes',
  async () => {
    await using stage = await openStage(engine);
    await using postgres = await startPostgresServer();
    const database = new URL(await postgres.createDatabase());
    await using _door = await openDoor(engine, Number(database.port));
    database.hostname = HOST;
    const values = {
      'slack-bot-token': stage.sandbox.botToken,
      'slack-app-token': stage.sandbox.appToken,
      'redis-url': stage.redisUrl,
      'database-url': database.href,
      'audit-key': AUDIT_KEY,
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'poison-control' },
      stringData: values,
    };
    await writeFile(join(engine.shared, 'secret.yml'), JSON.stringify(secret));
    const manifest = await readFile('deploy/kubernetes.yml', 'utf8');
    const address = Object.entries(stage.slackAddress).map(
      ([name, value]) => `            - { name: ${name}, value: "${value}" }\n`,
    );
    await writeFile(
      join(engine.shared, 'kubernetes.yml'),
      manifest
        .replace('          env:\n', `          env:\n${address.join('')}`)
        // A cluster gives the files to the pod's group; podman leaves them root's.
        .replace('defaultMode: 0440', 'defaultMode: 0444'),
    );
    await engine.sh('podman kube play /shared/secret.yml; podman kube play /shared/kubernetes.yml');
    await answers(stage);
    const status = await engine.sh('podman exec poison-control-pod-bot cat /proc/1/status');
    expect(status).toMatch(/^Uid:\t1000\t[\s\S]*^CapEff:\t0+$[\s\S]*^NoNewPrivs:\t1$/m);
    const touch = 'podman exec poison-control-pod-bot touch /app/here';
    await expect(engine.sh(touch)).rejects.toThrow('Read-only file system');
    for (const line of TOOLS) {
      const [, command] = /^kubectl exec deploy\/poison-control -- (.*)$/.exec(line) ?? [];
      if (command !== undefined) await engine.sh(`podman exec poison-control-pod-bot ${command}`);
    }
    await engine.sh('podman kube down /shared/kubernetes.yml');
  },
  RUN_WITHIN_MS,
);

test(
  'systemd starts the unit as the guide says, lets it work in its cage, brings it back when it is killed, and not when its settings are wrong',
  async () => {
    await using stage = await openStage(engine);
    await copyFile('poison-control.example.yml', join(engine.shared, 'checkout/poison-control.example.yml'));
    await engine.sh(
      `podman run --detach --name machine --privileged --systemd=always --env SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 \
      --volume ${CHECKOUT}:/opt/poison-control --volume /packages:/opt/poison-control/node_modules localhost/systemd`,
    );
    const machine = async (line: string) => {
      await writeFile(join(engine.shared, 'line.sh'), line);
      return engine.sh('podman exec --interactive machine bash -euo pipefail < /shared/line.sh');
    };
    await eventually(async () =>
      (await machine('systemctl is-active multi-user.target || true')).startsWith('active'),
    );
    // What a person would do with an editor, where the guide says so.
    const environment = blockOf('env')
      .lines.map((line) => line.split('=', 1)[0] ?? '')
      .map((name) => `${name}=${{ ...stage.secrets, AUDIT_KEY }[name]}\n`);
    const address = Object.entries(stage.slackAddress).map(([name, value]) => `${name}=${value}\n`);
    const edit = `cat > /etc/poison-control/environment <<END\n${[...environment, ...address].join('')}END\n`;
    await machine(
      blockOf('sh-systemd').text.replace('&& script/install-packages', '').replace(/^cp /m, `${edit}cp `),
    );
    await answers(stage);
    const ask = blockOf('sh-systemd-tool').text;
    expect(await machine(`${ask.trim()} 2>&1`)).toContain('It can be written.');
    for (const instead of commandsRunBy(ME).filter((command) => command.startsWith('store:backup'))) {
      const copy = ask.replace(/doctor\n$/, `${instead} 2>&1\n`);
      expect(await machine(copy)).toMatch(/ok .* records head/);
    }

    await machine('systemctl kill --signal=KILL poison-control');
    await eventually(() => stage.sandbox.connectionCount === 0);
    await answers(stage);
    await machine(
      'echo "sidekiqs: 7" > /etc/poison-control/poison-control.yml; systemctl restart poison-control',
    );
    await eventually(async () =>
      (await machine('systemctl is-failed poison-control || true')).startsWith('failed'),
    );
    expect(await machine('systemctl show poison-control --property=ExecMainStatus,NRestarts')).toMatch(
      /ExecMainStatus=2/,
    );
    await engine.sh('podman rm --force machine');
  },
  RUN_WITHIN_MS,
);
