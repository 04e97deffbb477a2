import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';
import { repositoryFolder } from './shared-folder.ts';

/** The folders in `packages` that are published, in alphabetical order. */
export async function publishedPackages(): Promise<string[]> {
  const names: string[] = [];
  const entries = await readdir(join(repositoryFolder, 'packages'), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const file = join(repositoryFolder, 'packages', name, 'package.json');
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!(manifest instanceof Object && 'private' in manifest)) names.push(name);
  }
  return names.sort();
}

/**
 * Packs the built packages and installs them in a folder, as a person elsewhere does who has no compiler: without
 * install scripts, so that the addon `pcsclite` is there and not compiled.
 *
 * @throws {Error} with npm's own words.
 */
export async function installPacked(folder: string): Promise<void> {
  const sources = (await publishedPackages()).map((name) => join(repositoryFolder, 'packages', name));
  await npm(['pack', '--pack-destination', folder, ...sources], folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'elsewhere', private: true }));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await npm(['install', ...options, ...files], folder);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const result = await run('npm', args, { cwd, timeout: 500_000 });
  if (result.exitCode !== 0) throw new Error(`npm ${args[0]} failed\n${result.stderr}`);
}
