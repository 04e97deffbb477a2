import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Requirement, requirement } from './requirement.ts';
import { type RunOptions, type RunResult, run } from './run.ts';
import { repositoryFolder } from './shared-folder.ts';

/** The built `jpki` command. */
export const jpkiPath: string = join(repositoryFolder, 'packages/cli/dist/bin.cjs');

/** What a suite that runs the built command needs. */
export function jpkiRequirement(): Requirement {
  return requirement('the built jpki command', existsSync(jpkiPath), 'run `pnpm build` first');
}

/** Runs `jpki` as its own process, in English, without a terminal. */
export function jpki(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const env = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...options.env };
  return run(process.execPath, [jpkiPath, ...args], { ...options, env });
}
