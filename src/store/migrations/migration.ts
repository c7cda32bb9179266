/** A step of the schema. Once released it is never edited: a change is a new file and a line in index.ts. */
export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly statements: (words: SchemaWords) => readonly string[];
};

/** Where the two databases differ in what they call things. */
export type SchemaWords = {
  readonly integer: string;
  readonly bytes: string;
  readonly table: (name: string, columns: string) => string;
};
