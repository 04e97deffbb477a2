import type { SecretReference } from '@jpki/applets';
import type { Remedy } from '@jpki/iso7816';
import { codeOf } from './error-code.ts';

/** What the person can do next: the cards' remedies, and those of the command line itself. */
export type CliRemedy = Remedy | 'correct-command' | 'check-file' | 'update-program' | 'report-fault';

/** What an error knows beside its code; texts are filled from it. Never a secret. */
export interface ErrorFacts {
  /** A file, folder or URI that the person named. */
  readonly subject?: string;
  /** Why, in the words of the operating system or of a lower package (English). */
  readonly reason?: string;
}

/** Something wrong with the command as typed, its files or its PIN input. `code` is stable. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly code: string;
  readonly remedy: CliRemedy;
  readonly facts: ErrorFacts;

  constructor(code: string, remedy: CliRemedy, facts: ErrorFacts = {}, cause?: unknown) {
    super(
      [code, facts.subject, facts.reason].filter(Boolean).join(': '),
      cause === undefined ? {} : { cause },
    );
    this.code = code;
    this.remedy = remedy;
    this.facts = facts;
  }
}

/** The command line is not one of ours: `subject` is the part that is wrong, or `reason` tells it (from yargs). */
export class UsageError extends CliError {
  override readonly name = 'UsageError';

  constructor(facts: string | Required<Pick<ErrorFacts, 'reason'>>) {
    super('ERR_USAGE', 'correct-command', typeof facts === 'string' ? { subject: facts } : facts);
  }
}

/** The contract knows it, this version does not have it yet. Thrown before any PIN is asked. */
export class NotInThisVersionError extends CliError {
  override readonly name = 'NotInThisVersionError';

  /** @param file that can be signed all the same, in the form of this version. */
  constructor(subject: string, file = '') {
    super('ERR_NOT_IN_THIS_VERSION', 'update-program', { subject, reason: file });
  }
}

/** A PIN is needed and nobody may be asked for it (`--no-input`, or no terminal). */
export class PinNeededError extends CliError {
  override readonly name = 'PinNeededError';

  constructor() {
    super('ERR_PIN_NEEDED', 'correct-command');
  }
}

/** The card has no such PIN: a 顔認証マイナンバーカード is used without. */
export class PinAbsentError extends CliError {
  override readonly name = 'PinAbsentError';
  readonly reference: SecretReference;

  constructor(reference: SecretReference, cause: unknown) {
    super('ERR_PIN_ABSENT', 'visit-municipality', {}, cause);
    this.reference = reference;
  }
}

/** The person, or a signal, ended the command. */
export class InterruptedError extends CliError {
  override readonly name = 'InterruptedError';

  constructor() {
    super('ERR_INTERRUPTED', 'none');
  }
}

/** How a file can fail: unreadable, unwritable, in the way, changed under our hands, or not what it should hold. */
export type FileErrorCode =
  | 'ERR_FILE_READ'
  | 'ERR_FILE_WRITE'
  | 'ERR_FILE_EXISTS'
  | 'ERR_FILE_IS_DOCUMENT'
  | 'ERR_FILE_CHANGED'
  | 'ERR_FILE_FORMAT';

/** A file could not be read or written. */
export class FileError extends CliError {
  override readonly name = 'FileError';

  constructor(code: FileErrorCode, path: string, cause?: unknown) {
    super(code, 'check-file', { subject: path, reason: systemReason(cause) }, cause);
  }
}

/** `EACCES`, `ENOSPC`: what the operating system said, without the path that its message repeats. */
function systemReason(cause: unknown): string {
  return codeOf(cause) ?? (typeof cause === 'string' ? cause : '');
}
