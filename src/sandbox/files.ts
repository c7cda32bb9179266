import { randomBytes } from 'node:crypto';

/** The upload flow of `filesUploadV2`: reserve a place, send the bytes, say where they belong. */
export type StoredFile = {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  bytes: Buffer | undefined;
};

const KEPT_FILES = 100;

export class Files {
  readonly #files = new Map<string, StoredFile>();

  reserve(name: string, sizeBytes: number): StoredFile {
    const id = `F${randomBytes(6).toString('hex').toUpperCase()}`;
    const file: StoredFile = { id, name, sizeBytes, bytes: undefined };
    this.#files.set(id, file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > KEPT_FILES && oldest !== undefined) this.#files.delete(oldest);
    return file;
  }

  find(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }
}
