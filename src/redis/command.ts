/** A command as it is sent: its name in upper case, then its arguments. */
export type Command = readonly [name: string, ...args: (string | number | Buffer)[]];
