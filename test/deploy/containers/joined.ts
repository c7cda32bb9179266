import type { Socket } from 'node:net';

/** What one says the other hears, until either ends. */
export function join(one: Socket, other: Socket): void {
  const end = () => {
    one.destroy();
    other.destroy();
  };
  for (const side of [one, other]) side.on('error', end).on('close', end);
  one.pipe(other).pipe(one);
}
