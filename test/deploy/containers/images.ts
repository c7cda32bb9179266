import { execFile } from 'node:child_process';
import { copyFile, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Engine } from './engine.ts';

/** Our image, built from the Dockerfile as it is, on stand-ins for the two images that only a registry of images has. */

const run = promisify(execFile);
const HERE = 'test/deploy/containers';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Also what the Dockerfile and compose say to be their names. */
export async function buildImages({ shared, build }: Engine): Promise<void> {
  const { services } = parse(await readFile('deploy/compose.yml', 'utf8'));
  const [, node] = /^FROM (\S+)/m.exec(await readFile('Dockerfile', 'utf8')) ?? [];
  await build('podman import -q /base.tar localhost/debian:13');

  for (const name of ['node', 'postgres', 'systemd'])
    await cp(join(HERE, name), join(shared, name), { recursive: true });
  // Whatever npm this machine has: a program within the folder that is wanted.
  const { stdout: npm } = await run('sh', [
    '-c',
    'dirname "$(dirname "$(readlink -f "$(command -v npm)")")"',
  ]);
  await copyFile(process.execPath, join(shared, 'node', 'node'));
  await cp(npm.trim(), join(shared, 'node', 'npm'), { recursive: true, dereference: true });
  await copyFile(CERTIFICATES, join(shared, 'node', 'ca-certificates.crt'));
  await build(`podman build -q --network host -t docker.io/library/${node} /shared/node`);
  await build(
    `podman build -q --network host -t docker.io/library/${services.postgres.image} /shared/postgres`,
  );

  await build('podman build -q --network host -t localhost/systemd /shared/systemd');

  // The checkout, of which .dockerignore says what is taken.
  const checkout = join(shared, 'checkout');
  for (const path of [
    'Dockerfile',
    '.dockerignore',
    'package.json',
    'package-lock.json',
    'LICENSE',
    'commands',
    'src',
    'deploy',
  ])
    await cp(path, join(checkout, path), { recursive: true });
  await build(
    `podman build -q --format docker --pull=never --network host -t docker.io/library/${services.bot.image} /shared/checkout`,
  );
}
