import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { BadRequest, send } from './http.ts';

const PAGE_FOLDER = join(import.meta.dirname, 'page');

/** Plain names in plain folders: nothing that could climb out of the page's own. */
const PAGE_PATH = /^(?:\/[a-z0-9][a-z0-9-]*)+\.(html|css|svg|ts)$/;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
};

/** Only what the sandbox itself serves is loaded, run or talked to; pictures in messages may come from the web. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a file of the page; TypeScript goes out with its types stripped, which every browser then runs. */
export async function servePageFile(response: ServerResponse, pathname: string): Promise<void> {
  const path = pathname === '/' ? '/index.html' : pathname;
  const kind = PAGE_PATH.exec(path)?.[1];
  const source = kind === undefined ? undefined : await readIfThere(join(PAGE_FOLDER, path));
  if (kind === undefined || source === undefined) throw new BadRequest(404, 'There is no such page.');
  const body = kind === 'ts' ? stripTypes(source) : source;
  send(response, 200, body, {
    'content-type': CONTENT_TYPES[kind] ?? 'text/plain',
    'content-security-policy': CONTENT_SECURITY_POLICY,
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Node 24 warns once that this function is experimental, in the middle of what the demo prints. The version of Node is
 * pinned, and the call is synchronous, so nobody else's warning can be lost while ours is held back.
 */
function stripTypes(source: string): string {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
