import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCommand } from './requirement.ts';
import { run } from './run.ts';

/** Folder names say who made them: `jpki-pcscd-<process id>-<random>`. Short: a socket path has 107 bytes. */
const PREFIX = 'jpki-pcscd-';

/** A new folder for one pcscd: `run` for its socket, `conf` for its reader configuration. */
export async function makePcscdFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  await mkdir(join(folder, 'run'));
  await mkdir(join(folder, 'conf'));
  return folder;
}

/** Removes folders of processes that were killed before they could. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Compiles `native/vpcd-nodelay.c` into `folder` and resolves with the library's path; undefined where there is
 * no gcc: then each APDU through vpcd takes some 44 ms, and nothing else changes.
 */
export async function compileNoDelayPreload(folder: string): Promise<string | undefined> {
  if (!hasCommand('gcc')) return undefined;
  const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'native', 'vpcd-nodelay.c');
  const library = join(folder, 'vpcd-nodelay.so');
  const { exitCode, stderr } = await run('gcc', [
    '-O2',
    '-Wall',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source,
    '-ldl',
  ]);
  if (exitCode !== 0) throw new Error(`gcc could not compile vpcd-nodelay.c: ${stderr}`);
  return library;
}
