#!/usr/bin/env -S node --max-semi-space-size=8
/**
 * The program of the npm package: `poison-control` is the bot, and with a word before all others one of its tools.
 *
 *     poison-control doctor --json
 *     poison-control sidekiq health
 */
const TOOLS: Readonly<Record<string, () => Promise<unknown>>> = {
  doctor: () => import('./doctor.ts'),
  sidekiq: () => import('./sidekiq.ts'),
  'audit:verify': () => import('./audit-verify.ts'),
  'audit:export': () => import('./audit-export.ts'),
  'archive:export': () => import('./archive-export.ts'),
  'store:backup': () => import('./store-backup.ts'),
};

const OLDEST_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `Poison Control needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}

const [, , word] = process.argv;
const tool = word === undefined ? undefined : TOOLS[word];
if (word === undefined) await import('../main.ts');
else if (tool !== undefined) {
  process.argv.splice(2, 1);
  await tool();
} else {
  process.stderr.write(
    `There is no ${word}. Without a word the bot starts; else: ${Object.keys(TOOLS).join(', ')}.\n`,
  );
  process.exitCode = 2;
}
