export type Identity = {
  readonly hostname: string;
  readonly pid: number | undefined;
  readonly nonce: string | undefined;
};

/** Takes "HOST:PID:NONCE" apart from the right, since a host could hold a colon. Anything else is only a host. */
export function parseIdentity(identity: string): Identity {
  const parts = /^(.+):(\d{1,10}):([0-9a-f]+)$/.exec(identity);
  if (parts === null) return { hostname: identity, pid: undefined, nonce: undefined };
  return { hostname: parts[1] ?? identity, pid: Number(parts[2]), nonce: parts[3] };
}
