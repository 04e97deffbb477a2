import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Requirement, requirement } from './requirement.ts';
import { repositoryFolder } from './shared-folder.ts';

/** Skips a suite where the native addon is not compiled. */
export function pcscliteRequirement(): Requirement {
  return requirement('the pcsclite addon', isLoadable(), 'pnpm --filter @jpki/pcsc rebuild pcsclite');
}

function isLoadable(): boolean {
  try {
    createRequire(join(repositoryFolder, 'packages/pcsc/package.json'))('pcsclite');
    return true;
  } catch {
    return false;
  }
}
