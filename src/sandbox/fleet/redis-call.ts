/** One Redis command with its arguments. */
export type Call = readonly [command: string, ...args: (string | number)[]];

/**
 * All that the simulated fleet asks of Redis. `pipeline` sends many commands in one go and gives one reply for each; a
 * refused command (a full Redis, say) is an Error in its place, because real processes log that and go on.
 */
export type FleetRedis = {
  readonly call: (command: string, ...args: (string | number)[]) => Promise<unknown>;
  readonly pipeline: (calls: readonly Call[]) => Promise<readonly unknown[]>;
};

/** A bulk reply as text; undefined for nil, errors and anything else. */
export function textOf(reply: unknown): string | undefined {
  return typeof reply === 'string' ? reply : undefined;
}

/** An array reply as texts; empty for anything else. */
export function textsOf(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.filter((item) => typeof item === 'string') : [];
}

/** An integer reply; 0 for anything else. */
export function countOf(reply: unknown): number {
  return typeof reply === 'number' ? reply : 0;
}
