import type { Fault } from './fault.ts';

/** Where settings come from; handed in, so that parsing touches nothing. */
export type Outside = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or undefined when it can't be read. */
  readonly readFile: (path: string) => string | undefined;
};

/** The value of an environment variable, or of the file it points to. Empty counts as not set. */
export function environmentValue(name: string, outside: Outside, faults: Fault[]): string | undefined {
  const raw = outside.env[name];
  if (raw === undefined || raw.trim() === '') return undefined;
  return mountedSecret(raw.trim(), name, outside, faults);
}

/**
 * Fills `${VAR}`, `$VAR`, a value that is only the name of a set variable, and `file:/path` in every string of the file.
 * Keys stay as they are: a class called $HOME is a class.
 */
export function fillIn(value: unknown, path: readonly string[], outside: Outside, faults: Fault[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => fillIn(item, [...path, String(index)], outside, faults));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillIn(item, [...path, key], outside, faults)]),
    );
  }
  return typeof value === 'string' ? fillText(value, path.join('.'), outside, faults) : value;
}

function fillText(text: string, path: string, outside: Outside, faults: Fault[]): string {
  if (/^[A-Z][A-Z0-9_]*$/.test(text)) {
    const whole = outside.env[text];
    if (whole !== undefined) return mountedSecret(whole, path, outside, faults);
  }
  const filled = text.replaceAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Z_][A-Z0-9_]*)/g, (_, braced, bare) => {
    const name: string = braced ?? bare;
    const value = outside.env[name];
    if (value === undefined) {
      faults.push({
        path,
        expected: `the environment variable ${name}, which the value names`,
        given: 'it is not set',
        remedy: `Set ${name} where the bot is started, or write the value itself.`,
      });
    }
    return value ?? '';
  });
  return mountedSecret(filled, path, outside, faults);
}

/** `file:/path` is a mounted secret: the file's text without the line end that editors add. */
function mountedSecret(value: string, path: string, outside: Outside, faults: Fault[]): string {
  if (!value.startsWith('file:/')) return value;
  const file = value.slice('file:'.length);
  const text = outside.readFile(file);
  if (text !== undefined) return text.replace(/\r?\n$/, '');
  faults.push({
    path,
    expected: `a readable file at ${file}`,
    given: 'it is missing or may not be read',
    remedy: 'Mount the secret there, or correct the path.',
  });
  return '';
}
