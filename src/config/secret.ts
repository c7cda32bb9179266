/** A value that logs, errors and messages can hold without showing it. Only `reveal` gives it out, at the edge that needs it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  /** What console.log and pino's serializers of errors call. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/**
 * A URL without what must stay out of sight: "redis://app:***@host:6379/0". Not a URL: only its length is told. An @ behind a
 * / or ? may belong to a password in which these were not encoded: then nothing but the scheme is.
 */
export function urlWithoutSecrets(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(.*)$/is.exec(url);
  if (parts === null) return `${url.length} characters that are not a URL`;
  const [, scheme = '', credentials, host = '', path = '', options = ''] = parts;
  if (`${path}${options}`.includes('@')) return `${scheme}***`;
  if (credentials === undefined) return `${scheme}${host}${path}`;
  const user = credentials.includes(':') ? credentials.slice(0, credentials.indexOf(':')) : '';
  return `${scheme}${user}:***@${host}${path}`;
}
