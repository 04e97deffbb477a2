import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type RunResult, run } from './run.ts';

/** The majors of Node that everything must run on. */
export const NODE_MAJORS = [20, 22, 24, 26] as const;

/** A Node.js of its own, with the headers that addons are built against. */
export interface InstalledNode {
  readonly major: number;
  /** Its binary. */
  readonly path: string;
  /** The folder above `bin` and `include`. */
  readonly folder: string;
}

/**
 * Every Node of {@link NODE_MAJORS}, newest release each, from npm's `node-<platform>-<arch>` packages. They are
 * fetched once into the user's cache folder (some 100 MB each) and never become a dependency of the workspace.
 *
 * @throws {Error} with npm's own words when they cannot be fetched.
 */
export async function installedNodes(): Promise<InstalledNode[]> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jpki-tests', 'node');
  await mkdir(cache, { recursive: true });
  const nodes = NODE_MAJORS.map((major) => {
    const folder = join(cache, 'node_modules', `node${major}`);
    return { major, folder, path: join(folder, 'bin', 'node') };
  });
  const runs = await Promise.all(nodes.map(isRunnable));
  if (!runs.every(Boolean)) {
    const binaries = `node-${process.platform}-${process.arch}`;
    const wanted = NODE_MAJORS.map((major) => `node${major}@npm:${binaries}@${major}`);
    const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', cache];
    const result = await run('npm', ['install', ...options, ...wanted], { cwd: cache, timeout: 500_000 });
    if (result.exitCode !== 0) throw new Error(`npm could not fetch ${binaries}\n${result.stderr}`);
  }
  return nodes;
}

async function isRunnable({ major, path }: InstalledNode): Promise<boolean> {
  const result = await run(path, ['--version']).catch(() => undefined);
  return result?.stdout.startsWith(`v${major}.`) ?? false;
}

/** Compiles an addon for a Node with its own headers, by the node-gyp that comes with npm; downloads nothing. */
export function buildAddon(node: InstalledNode, addonFolder: string): Promise<RunResult> {
  const path = `${join(node.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  // For node-gyp the variable, which npm sets for its commands, outweighs an argument.
  const env = { PATH: path, npm_config_nodedir: node.folder };
  return run(node.path, [nodeGyp(), 'rebuild', '--directory', addonFolder], { env, timeout: 500_000 });
}

function nodeGyp(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return createRequire(realpathSync(join(folder, 'npm'))).resolve('node-gyp/bin/node-gyp.js');
    } catch {
      // The npm of this folder is another one, or none.
    }
  }
  throw new Error('npm has no node-gyp');
}
