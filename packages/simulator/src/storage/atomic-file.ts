import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { systemErrorCode } from '../errors.ts';

/** Only the owner reads and writes: the files hold private keys and PINs, if only of nobody (security.md T71). */
const OWNER_ONLY = 0o600;

/**
 * Replaces a file in one step: readers see the old contents or the new ones, never a part, also after a power failure.
 *
 * @param mode permissions of the file; only the owner's by default.
 * @throws the system's error when it cannot be written; then the old file is untouched.
 */
export async function writeFileAtomically(
  path: string,
  contents: string | Uint8Array,
  mode: number = OWNER_ONLY,
): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The text of a file, or `undefined` when there is none. @throws the system's error for everything else. */
export async function readTextIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
