import { miniBinding } from '@jpki/pcsc';
import { type Requirement, requirement } from './requirement.ts';

/** Skips a suite where pcsc-mini has no file for this platform. */
export function miniRequirement(): Requirement {
  return requirement('the pcsc-mini addon', isLoadable(), 'pnpm install, with optional dependencies');
}

function isLoadable(): boolean {
  try {
    miniBinding();
    return true;
  } catch {
    return false;
  }
}
