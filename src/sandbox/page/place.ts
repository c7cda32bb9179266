/** Where the reader is: who they act as, what they look at. It stands in the address, so that reloading keeps it. */
export type Place = {
  readonly as: string;
  /** A channel's id, or `home`. */
  readonly room: string;
  readonly threadTs?: string;
};

/** `#U0ANN/C0PAYROLL/1700000000.000100` */
export function readPlace(hash: string): Place {
  const [as = '', room = '', threadTs = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  return { as, room, ...(threadTs === '' ? {} : { threadTs }) };
}

export function writePlace({ as, room, threadTs }: Place): string {
  return `#${[as, room, ...(threadTs === undefined ? [] : [threadTs])].map(encodeURIComponent).join('/')}`;
}

/** An address is typed by people too; a broken escape is simply no place. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
