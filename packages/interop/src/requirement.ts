import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a suite needs and this machine has not: carried to the reporter, which names it at the end of the run. */
export interface MissingRequirement {
  readonly name: string;
  readonly remedy: string;
}

/**
 * Options for `describe` or `test`: skips it when something is missing, and carries the reason with it.
 *
 * ```ts
 * describe('OpenSC on the virtual card', requirement('OpenSC', hasCommand('pkcs15-tool'), 'apt install opensc'), () => …)
 * ```
 */
export interface Requirement {
  readonly skip: boolean;
  /** Holds the missing things; {@link missingIn} reads them. */
  readonly meta: object;
}

/** Reads back what {@link requirement} left in a test's `meta`. */
export function missingIn(meta: object): readonly MissingRequirement[] {
  return 'missing' in meta && Array.isArray(meta.missing) ? meta.missing : [];
}

/** True in runs where nothing may be missing (`JPKI_REQUIRE_ALL=1`, as continuous integration sets it). */
export function mayNothingBeMissing(): boolean {
  return process.env['JPKI_REQUIRE_ALL'] === '1';
}

/**
 * States what a suite needs. Missing things skip the suite, counted and named by the skipped reporter.
 *
 * @param name the thing, as a person would call it: `pcscd`, `OpenSC`, `the test card`.
 * @param remedy how to get it, one line.
 * @throws {Error} when it is missing and `JPKI_REQUIRE_ALL=1`.
 */
export function requirement(name: string, present: boolean, remedy: string): Requirement {
  if (present) return { skip: false, meta: {} };
  if (mayNothingBeMissing()) throw new Error(`${name} is missing, and JPKI_REQUIRE_ALL=1: ${remedy}`);
  return { skip: true, meta: { missing: [{ name, remedy }] } };
}

/** Several requirements as one: skipped when any is missing, and all the missing ones are named. */
export function requirements(...all: readonly Requirement[]): Requirement {
  const missing = all.flatMap((one) => missingIn(one.meta));
  return missing.length === 0 ? { skip: false, meta: {} } : { skip: true, meta: { missing } };
}

/** Whether a command of this name can be run. */
export function hasCommand(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** {@link requirement} for a command on the PATH, with the Debian package that has it. */
export function commandRequirement(command: string, debianPackage: string): Requirement {
  return requirement(command, hasCommand(command), `apt install ${debianPackage}`);
}
