import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = new URL('../src/test-pki/', import.meta.url);

/**
 * A folder of keys that test files share and keep between runs: making the keys is what takes the time. It is another
 * one after every change of the sources that write keys and certificates, so that no test ever sees stale ones; what
 * tests the PKI itself has folders of its own.
 */
export function sharedPkiFolder(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort())
    if (!name.endsWith('.test.ts')) hash.update(name).update(readFileSync(new URL(name, sources)));
  const folder = `../node_modules/.cache/test-pki-${hash.digest('hex').slice(0, 16)}/`;
  return fileURLToPath(new URL(folder, import.meta.url));
}
