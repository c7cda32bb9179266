import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The last stage of the Dockerfile as a shell program, for machines without a container engine: its steps are carried out in a
 * copy-on-write view of this machine's own root, which then becomes read-only, and its program runs in there as its user.
 * Debian and Node's packages are this machine's; everything else is as the file says.
 */

type Step = { readonly verb: string; readonly words: string };

const steps = lastStage(readFileSync('Dockerfile', 'utf8'));

/** As Docker would check whether it is well. */
export const healthcheck: readonly string[] = listIn(wordsOf('HEALTHCHECK'));

/** Takes an empty folder and settings (`NAME=value`) as arguments. Whoever runs it must be root, in mounts of their own. */
export const imageProgram = [
  // Whoever became root without a login has no chroot in the PATH.
  'set -e; PATH=$PATH:/usr/sbin:/sbin; D=$1; shift',
  'mount -t tmpfs none "$D"; mkdir "$D/written" "$D/work" "$D/image"',
  'mount -t overlay overlay -o "lowerdir=/,upperdir=$D/written,workdir=$D/work" "$D/image"; R=$D/image',
  'mount --bind /dev "$R/dev"; mount --bind /proc "$R/proc"',
  // As in the image that ours is made from.
  'printf "node:x:1000:1000::/home/node:/bin/sh\\n" >> "$R/etc/passwd"; printf "node:x:1000:\\n" >> "$R/etc/group"',
  `install -D '${process.execPath}' "$R/usr/local/bin/node"; mkdir -p "$R/app"`,
  ...steps.map(carriedOut),
  'mkdir "$R/config"; printf "sidekiqs:\\n  payroll:\\n    redis: \\${SIDEKIQ_REDIS_URL}\\n" > "$R/config/poison-control.yml"',
  'cp -a "$R/data" "$D/volume"; mount -o remount,ro "$R"; mount --bind "$D/volume" "$R/data"',
  `exec ${inside(`exec setpriv --reuid="$USER" --regid="$USER" --init-groups --no-new-privs --bounding-set=-all --inh-caps=-all ${listIn(wordsOf('CMD')).map(quoted).join(' ')}`, '"$@"')}`,
].join('\n');

function lastStage(text: string): readonly Step[] {
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const all = [...lines.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, verb = '', words = '']) => ({ verb, words }));
  return all.slice(all.findLastIndex(({ verb }) => verb === 'FROM') + 1);
}

function wordsOf(verb: string): string {
  return steps.findLast((step) => step.verb === verb)?.words ?? '';
}

function listIn(words: string): string[] {
  return JSON.parse(words.slice(words.indexOf('[')));
}

function carriedOut({ verb, words }: Step): string {
  switch (verb) {
    case 'ENV':
      return `SET="$SET ${words}"`;
    case 'USER':
      return `SET="$SET USER=${words}"`;
    case 'RUN':
      return inside(words);
    case 'COPY': {
      const [from = '', to = ''] = words.split(' ').slice(-2);
      if (!words.startsWith('--from'))
        return `mkdir -p "$R/app/${to}"; (cd '${process.cwd()}'; cp -r ${words
          .replace(/ \S+$/, '')
          .split(' ')
          .map((path) => (to === './' ? path : `${path}/.`))
          .join(' ')} "$R/app/${to}")`;
      return `mkdir -p "$R/${dirname(from)}/node_modules"; mount --bind -o ro '${process.cwd()}/node_modules' "$R${from}"`;
    }
    case 'WORKDIR':
    case 'EXPOSE':
    case 'VOLUME':
    case 'HEALTHCHECK':
    case 'CMD':
      return ':';
    default:
      throw new Error(`The Dockerfile says ${verb}, which nothing here can carry out.`);
  }
}

/** Nothing of this machine's environment gets in. */
function inside(command: string, settings = ''): string {
  return `chroot "$R" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin $SET ${settings} sh -c ${quoted(`cd /app; ${command}`)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
