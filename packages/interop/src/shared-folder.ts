import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Requirement, requirement } from './requirement.ts';

/** The checkout this file lies in. */
export const repositoryFolder: string = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * The folder of external test data: `JPKI_SHARED`, else `shared` beside the checkout. Nothing of it may enter
 * the repository. The folder need not exist; ask {@link sharedRequirement} first.
 */
function sharedFolder(): string {
  return process.env['JPKI_SHARED'] || resolve(repositoryFolder, '../shared');
}

/** A path in {@link sharedFolder}. */
export function sharedPath(...parts: readonly string[]): string {
  return join(sharedFolder(), ...parts);
}

/** Skips a suite where a file or folder of the shared test data is absent: `sharedRequirement('test-card')`. */
export function sharedRequirement(...parts: readonly string[]): Requirement {
  const name = `shared test data ${parts.join('/')}`.trimEnd();
  return requirement(
    name,
    existsSync(sharedPath(...parts)),
    'set JPKI_SHARED to the folder of the test data',
  );
}
