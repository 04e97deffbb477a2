import { CardError } from '@jpki/iso7816';

/** A text that is no log this package reads, or one that it cannot read safely. Never repeats what stood there. */
export class TraceImportError extends CardError {
  override readonly name = 'TraceImportError';
  /** Number of the line, from 1; undefined where the text as a whole is the reason. */
  readonly line: number | undefined;
  /** What the person who has the log can do, in words. */
  readonly advice: string;

  constructor(problem: string, options: { readonly advice: string; readonly line?: number | undefined }) {
    const place = options.line === undefined ? '' : `line ${options.line} of the log: `;
    super(`${place}${problem}; ${options.advice}`, { code: 'ERR_TRACE_IMPORT' });
    this.line = options.line;
    this.advice = options.advice;
  }
}

/** A line that stands where the format has something else. */
export function malformed(problem: string, line: number): TraceImportError {
  return new TraceImportError(problem, {
    advice: 'import the log as the program wrote it, without changes and without cut lines',
    line,
  });
}

/** The log does not tell which card an APDU went to. */
export function ambiguous(problem: string, line: number): TraceImportError {
  return new TraceImportError(`${problem}, and the log does not tell their APDUs apart`, {
    advice:
      'log with one card and one program; pcscd --debug --color and pcsc-spy without --diffable tell more',
    line,
  });
}
