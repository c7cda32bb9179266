export type Command = readonly [name: string, ...args: (string | number | Buffer)[]];
