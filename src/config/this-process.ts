import { readFileSync } from 'node:fs';
import type { Outside } from './outside-values.ts';

/** Where every program of ours finds its settings: its own environment, and the files that this names. */
export function thisProcess(): Outside {
  return { env: process.env, readFile };
}

/** What is missing or may not be read is the settings' fault to name, with its path. */
function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
