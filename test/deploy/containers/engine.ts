import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeGuardedFolder, startGuarded } from '../../../src/sandbox/guarded.ts';
import { eventually } from '../../eventually.ts';

const run = promisify(execFile);

/** What script/install-tools made: a Debian 13 with podman, the Docker client and its Compose. */
const DEBIAN_13 = '/var/cache/poison-control/debian-13';

/**
 * A container engine that is the test's own: in a copy-on-write view of that Debian, with mounts, processes and images of its own
 * that all end with it. Containers run in a network of its own, too, which reaches nothing outside; only what makes images sees the
 * machine's network.
 */
export type Engine = AsyncDisposable & {
  /** A folder of this machine that is `/shared` inside; its node_modules are `/packages`, for reading. */
  readonly shared: string;
  /** A process in whose network the containers are. */
  readonly networkPid: number;
  /** A shell line, where the machine's network is; what it printed, or an error that tells it. */
  readonly build: (line: string) => Promise<string>;
  /** The same in the containers' network, where `docker` talks to this engine. */
  readonly sh: (line: string, cwd?: string) => Promise<string>;
};

/** Everything that is mounted here goes when the last process of this view of the machine ends. */
const ENTER = `
set -e
mount -t tmpfs none "$1/view"; mkdir "$1/view/written" "$1/view/work" "$1/view/root"
mount -t overlay overlay -o "lowerdir=${DEBIAN_13},upperdir=$1/view/written,workdir=$1/view/work" "$1/view/root"
cd "$1/view/root"
mount -t proc proc proc; mount --rbind /sys sys; mount --rbind /dev dev; mount -t tmpfs none run; mkdir -p shared packages machine var/lib/containers
mount --bind "$1/images" var/lib/containers; mount --bind "$1/shared" shared; mount --bind -o ro "$2" packages
# Names are looked up, and strangers believed, as on this machine.
for file in etc/resolv.conf etc/ssl/certs/ca-certificates.crt; do
  [ ! -e "/$file" ] || cp -L "/$file" "$file"
done
pivot_root . machine; umount -l /machine
# It takes leave of processes that others left behind.
exec catatonit -P
`;

/** podman leaves it to systemd to look at containers' health again and again; here there is none. The shell keeps the network. */
const SERVE = `
ip link set lo up
podman system service --time=0 unix:///run/engine.sock &
while sleep 1; do
  for container in $(podman ps --quiet); do podman healthcheck run "$container" > /dev/null 2>&1; done
done
`;

const ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  DOCKER_HOST: 'unix:///run/engine.sock',
  // Its newer builder is itself an image, which would have to be fetched.
  DOCKER_BUILDKIT: '0',
  // Where the kernel has the older layout, it would say so at each command.
  PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
};

export async function startEngine(): Promise<Engine> {
  await using stack = new AsyncDisposableStack();
  const folder = await makeGuardedFolder('poison-control-engine');
  stack.defer(() => folder.remove());
  for (const name of ['view', 'images', 'shared']) await mkdir(join(folder.path, name));
  const view = await startGuarded(
    'unshare',
    [
      '--mount',
      '--propagation=private',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      ENTER,
      'sh',
      folder.path,
      resolve('node_modules'),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  stack.defer(async () => {
    await view.kill();
  });
  const inside = await firstChild(view.pid, 'catatonit');
  const within = (pid: number, namespaces: readonly string[]) => ['--target', String(pid), ...namespaces];
  const outer = within(inside, ['--mount', '--pid', '--root', '--wd']);

  const service = await startGuarded('nsenter', [...outer, ...['unshare', '--net', 'sh', '-c', SERVE]], {
    env: ENV,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  stack.defer(async () => {
    await service.kill();
  });
  // Not podman itself, whose threads visit the networks of containers.
  const networkPid = await firstChild(service.pid, 'sh');
  const open = stack.move();
  const execute = async (args: readonly string[]) => {
    try {
      const { stdout, stderr } = await run('nsenter', args, { env: ENV, maxBuffer: 64_000_000 });
      return `${stdout}${stderr}`;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`It failed:\n${stdout}${stderr}`, { cause: error });
    }
  };
  const engine: Engine = {
    shared: join(folder.path, 'shared'),
    networkPid,
    build: (line) => execute([...outer, 'bash', '-euo', 'pipefail', '-c', line]),
    sh: (line, cwd = '/') =>
      execute([
        ...within(networkPid, ['--mount', '--pid', '--net', '--root', '--wd']),
        ...['bash', '-euo', 'pipefail', '-c', `cd ${cwd}\n${line}`],
      ]),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
  await eventually(async () => (await engine.sh('docker version').catch(() => '')).includes('Server'));
  return engine;
}

/** The process that it has become or started, once that is the program. */
async function firstChild(pid: number, program: string): Promise<number> {
  let found = 0;
  await eventually(async () => {
    for (const candidate of [pid, ...(await childrenOf(pid))]) {
      const name = await readFile(`/proc/${candidate}/comm`, 'utf8').catch(() => '');
      if (name.trim() === program) found = candidate;
    }
    return found > 0;
  });
  return found;
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}
