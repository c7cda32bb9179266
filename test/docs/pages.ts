import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What people read: every page of the documentation, its fenced blocks, and what stands between backticks in its lines. */

export const PAGES: readonly string[] = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const FENCED = /^ *```([\w-]*)\n([\s\S]*?)^ *```$/gm;

export type Block = {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  readonly lines: readonly string[];
};

export const BLOCKS: readonly Block[] = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(FENCED)].map(([, language = '', text = '']) => ({
    page,
    language,
    text,
    lines: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  })),
);

export function blocksOf(language: string): readonly Block[] {
  return BLOCKS.filter((block) => block.language === language);
}

/** The only one of its language, which a test is about to run. */
export function blockOf(language: string): Block {
  const [block, another] = blocksOf(language);
  if (block === undefined || another !== undefined) throw new Error(`not one block of ${language}`);
  return block;
}

export type Span = { readonly page: string; readonly text: string };

/** Each once for its page; a span that a line break goes through is one. */
export const SPANS: readonly Span[] = PAGES.flatMap((page) => {
  const outside = readFileSync(page, 'utf8').replaceAll(FENCED, '');
  const texts = [...outside.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll(/\s+/g, ' '));
  return [...new Set(texts)].map((text) => ({ page, text }));
});
