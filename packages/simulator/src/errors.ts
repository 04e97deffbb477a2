import { CardError } from '@jpki/iso7816';

/**
 * Root of what can go wrong with the virtual card itself, apart from what a card answers. Codes: `ERR_SIM_PKI_FOLDER`,
 * `ERR_SIM_PKI_DAMAGED`, `ERR_SIM_EXPORT`, `ERR_SIM_STATE_FILE`, `ERR_SIM_BUSY`, `ERR_SIM_PERSONA`, `ERR_SIM_NO_POWER`.
 */
export class SimulatorError extends CardError {
  override readonly name: string = 'SimulatorError';
}

/**
 * The folder of the test PKI cannot be used: it cannot be read or written (`ERR_SIM_PKI_FOLDER`), or a file in it
 * is damaged (`ERR_SIM_PKI_DAMAGED`). No second PKI is ever made somewhere else: what the first one signed would
 * not verify.
 */
export class SimulatorPkiError extends SimulatorError {
  override readonly name = 'SimulatorPkiError';
  readonly folder: string;

  constructor(
    code: 'ERR_SIM_PKI_FOLDER' | 'ERR_SIM_PKI_DAMAGED',
    folder: string,
    what: string,
    cause?: unknown,
  ) {
    super(`the test PKI in ${folder} cannot be used: ${what}`, { code, cause });
    this.folder = folder;
  }
}

/** A folder that the public half of the test PKI should be written to cannot be written (`ERR_SIM_EXPORT`). */
export class SimulatorExportError extends SimulatorError {
  override readonly name = 'SimulatorExportError';
  readonly folder: string;

  constructor(folder: string, what: string, cause?: unknown) {
    super(`nothing can be written to ${folder} (${what})`, { code: 'ERR_SIM_EXPORT', cause });
    this.folder = folder;
  }
}

/** The file that keeps a virtual card's counters cannot be read or written, or is none (`ERR_SIM_STATE_FILE`). */
export class SimulatorStateError extends SimulatorError {
  override readonly name = 'SimulatorStateError';
  readonly file: string;

  constructor(file: string, what: string, cause?: unknown) {
    super(`the card's state file ${file} cannot be used: ${what}`, { code: 'ERR_SIM_STATE_FILE', cause });
    this.file = file;
  }
}

/** Short words for a failed system call: its code where there is one. Never a path or a content. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
