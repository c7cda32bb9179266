import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../eventually.ts';
import { startPostgresServer } from '../../postgres-server.ts';
import { openDoor } from './door.ts';
import { type Engine, startEngine } from './engine.ts';
import { buildImages } from './images.ts';
import { answers, blocks, HOST, openStage } from './stage.ts';

/** What deploy/ gives out, run by a container engine and by systemd, as the guides say. */

const BUILD_WITHIN_MS = 900_000;
const RUN_WITHIN_MS = 300_000;
const CHECKOUT = '/shared/checkout';
/** A key of the audit log for those whom the guide tells to make one. */
const AUDIT_KEY = '0123456789abcdef0123456789abcdef';
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
    const [secrets, up = ''] = await blocks('install', 'sh-compose');
    await inCheckout(`${set.join('')}${secrets}`);
    await inCheckout(up);
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

    const tools = (await blocks('operations', 'sh-container')).join('').split('\n');
    for (const line of tools.filter((each) => each.startsWith('docker compose'))) await inCheckout(line);
    const [copy = ''] = await blocks('operations', 'sh-compose');
    await inCheckout(copy);
    expect(await inCheckout('stat --format %a poison-control.dump; pg_restore --version || true')).toMatch(
      /^600/,
    );

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
    for (const line of (await blocks('operations', 'sh-container')).join('').split('\n')) {
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
    const environment = Object.entries({ ...stage.secrets, ...stage.slackAddress, AUDIT_KEY });
    const [install = ''] = await blocks('install', 'sh-systemd');
    // What a person would do with an editor, where the guide says so.
    const edited = install
      .replace('&& script/install-packages', '')
      .replace(
        /^cp deploy/m,
        `cat > /etc/poison-control/environment <<END\n${environment.map(([name, value]) => `${name}=${value}`).join('\n')}\nEND\ncp deploy`,
      );
    await machine(edited);
    await answers(stage);
    const [ask = ''] = await blocks('operations', 'sh-systemd');
    expect(await machine(`${ask} 2>&1`)).toContain('It can be written.');
    const copy = ask.replace(/doctor\n$/, 'store:backup /var/lib/poison-control/backup.sqlite\n');
    expect(await machine(`${copy} 2>&1`)).toMatch(/ok .* records head/);

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
