/** Between 0 and 1, and the same for the same words. */
export type Noise = (number: number, salt: string) => number;

/** Chance of one world: with another seed all comes out otherwise, in the same way each time. */
export function noiseOf(seed: number): Noise {
  return (number, salt) => {
    let hash = 2_166_136_261;
    for (const char of `${number}${salt}${seed}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
    hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
}
