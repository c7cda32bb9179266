import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** What is fed to parsers: lines that mean something, spoilt in their bytes or in their meaning, and plain nonsense. */

export function corpus(name: string): readonly string[] {
  const text = readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

const piece = fc.oneof(
  fc.constantFrom(
    ...'{}[]":,\\|_-–—\'“”‘’<>&*`~!@#$%^()=+;./? \t\r\n\0',
    '\u202e',
    '\ud800',
    '��',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const change = fc.record({
  at: fc.nat(),
  drop: fc.nat({ max: 12 }),
  put: piece,
  copies: fc.constantFrom(1, 1, 1, 60),
});

function changed(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.array(change, { maxLength: 5 })).map(([line, changes]) =>
    changes.reduce((now, { at, drop, put, copies }) => {
      const from = now.length === 0 ? 0 : at % now.length;
      return now.slice(0, from) + put.repeat(copies) + now.slice(from + drop);
    }, line),
  );
}

/** Bytes cut, changed and put in; two lines in one. */
export function mutated(lines: readonly string[] | fc.Arbitrary<string>): fc.Arbitrary<string> {
  const line = lines instanceof fc.Arbitrary ? lines : fc.constantFrom(...lines);
  const spliced = fc
    .tuple(line, line, fc.nat(), fc.nat())
    .map(([one, other, a, b]) => one.slice(0, a % (one.length + 1)) + other.slice(b % (other.length + 1)));
  return fc.oneof(
    { weight: 5, arbitrary: changed(line) },
    { weight: 2, arbitrary: spliced },
    fc.string({ unit: 'binary', maxLength: 400 }),
  );
}

type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** The same lines as JSON that stays JSON: fields gone, of another shape, with spoilt words, or from another line. */
export function mutatedJson(lines: readonly string[]): fc.Arbitrary<string> {
  const values = lines.map((line): Plain => JSON.parse(line));
  const words = changed(fc.constantFrom(...lines.flatMap((line) => line.match(/[^"]+/g) ?? [])));
  const put = fc.oneof(
    { weight: 3, arbitrary: words },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Plain>(null, true, 0, -1, 1e308, '', [], {}, [null], [[]], { id: {} }),
    },
    fc.constantFrom(
      ...values.flatMap((value) => [value, ...placesIn(value).map(({ holder, key }) => holder[key] ?? null)]),
    ),
    fc.jsonValue({ maxDepth: 3 }).map((value): Plain => JSON.parse(JSON.stringify(value))),
    fc.constant<Plain>(Array.from({ length: 300 }).reduce<Plain>((inner) => [inner], [])),
  );
  const changes = fc.array(fc.record({ at: fc.nat(), put: fc.option(put, { nil: undefined }) }), {
    maxLength: 4,
  });
  return fc.tuple(fc.constantFrom(...lines), changes).map(([line, all]) => {
    const whole: Plain = JSON.parse(line);
    for (const { at, put: value } of all) {
      const places = placesIn(whole);
      const place = places[at % places.length];
      if (place === undefined) continue;
      if (value === undefined) delete place.holder[place.key];
      else place.holder[place.key] = structuredClone(value);
    }
    return JSON.stringify(whole);
  });
}

/** Every value inside of another one, by who holds it. */
function placesIn(value: Plain): { readonly holder: { [key: string]: Plain }; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as { [key: string]: Plain };
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] ?? null)]);
}
