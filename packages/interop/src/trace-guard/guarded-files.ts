import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryFolder } from '../shared-folder.ts';
import { textLeaks, traceLeaks } from './guard.ts';

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git']);

/** Files that the guard looks at, from the root: all in `apdu-traces`, and every trace anywhere. */
export function guardedFiles(): string[] {
  return filesBelow(repositoryFolder).filter(
    (path) => path.startsWith('apdu-traces/') || path.endsWith('.apdu'),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [relative(repositoryFolder, path).replaceAll('\\', '/')];
  });
}

/** Why a file may not be there. */
export function fileLeaks(path: string): string[] {
  const bytes = readFileSync(join(repositoryFolder, path));
  return leaksOf(path, bytes);
}

/** The same of a file in memory. */
export function leaksOf(path: string, bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return ['a file that is no text'];
  }
  if (path.endsWith('.apdu')) return traceLeaks(text);
  return /\.(?:pem|json|md)$/.test(path) ? textLeaks(text) : ['a file of a kind that does not belong here'];
}
