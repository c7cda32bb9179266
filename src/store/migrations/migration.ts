/** A step of the schema. Once released it is never edited: a change is a new file and a line in index.ts. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  /**
   * The oldest schema whose programs may go on using the store after it, and be started on it. Where it only adds, that of the
   * version before, so that bots can be replaced one after another and be put back; where it does not, its own number.
   */
  readonly usableFrom: number;
  readonly statements: (words: SchemaWords) => readonly string[];
};

/** Where the two databases differ in what they call things. */
export type SchemaWords = {
  readonly integer: string;
  readonly bytes: string;
  readonly table: (name: string, columns: string) => string;
};
