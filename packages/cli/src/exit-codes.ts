/** Exit codes of the command, its contract with scripts (docs: cli.md, "Exit codes"). */
export const Exit = {
  DONE: 0,
  INVALID: 1,
  /** `jpki trace diff` and `trace replay`: there are differences, as with diff(1). */
  DIFFERENT: 1,
  USAGE: 2,
  NO_CARD: 3,
  PIN_INCORRECT: 4,
  PIN_BLOCKED: 5,
  INDETERMINATE: 6,
  CARD_FAILED: 7,
  LAST_TRY_NOT_SPENT: 8,
  FILE_FAILED: 9,
  OUTCOME_UNKNOWN: 10,
  /** A fault of this program; sysexits.h calls 70 EX_SOFTWARE. No script should count on it. */
  INTERNAL: 70,
  INTERRUPTED: 130,
} as const;

/** Any of {@link Exit}. */
export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** The one table from error code to exit code. A card or core error that is not in it exits with 7. */
const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  ERR_USAGE: Exit.USAGE,
  ERR_SIM_PERSONA: Exit.USAGE,
  ERR_NOT_IN_THIS_VERSION: Exit.USAGE,
  ERR_PIN_FORMAT: Exit.USAGE,
  ERR_PIN_NEEDED: Exit.USAGE,
  ERR_PIN_OPTION: Exit.USAGE,
  ERR_PIN_SOURCE: Exit.USAGE,
  ERR_PIN_PAD_REFUSED: Exit.USAGE,
  ERR_NEW_PIN_DIFFERS: Exit.USAGE,
  ERR_SHOW_MISSING: Exit.USAGE,
  ERR_TERMINAL_PICTURE: Exit.USAGE,
  ERR_APDU_LINE: Exit.USAGE,
  ERR_APDU_PIN_ARGUMENT: Exit.USAGE,
  ERR_APDU_PIN_COMMAND: Exit.USAGE,
  ERR_CARD_AMBIGUOUS: Exit.USAGE,

  ERR_CARD_FORGED: Exit.INVALID,

  ERR_PCSC_BINDING_MISSING: Exit.NO_CARD,
  ERR_PCSC_NO_SERVICE: Exit.NO_CARD,
  ERR_PCSC_NO_ACCESS: Exit.NO_CARD,
  ERR_PCSC_NO_READER: Exit.NO_CARD,
  ERR_PCSC_NO_CARD: Exit.NO_CARD,
  ERR_APPLICATION_NOT_FOUND: Exit.NO_CARD,
  ERR_CARD_KIND: Exit.NO_CARD,
  ERR_CARD_NOT_FOUND: Exit.NO_CARD,
  ERR_CERTIFICATE_ABSENT: Exit.NO_CARD,
  ERR_PIN_ABSENT: Exit.NO_CARD,

  ERR_PIN_INCORRECT: Exit.PIN_INCORRECT,
  ERR_PIN_KNOWN_WRONG: Exit.PIN_INCORRECT,
  ERR_PIN_REPEATED: Exit.PIN_INCORRECT,
  ERR_PIN_BLOCKED: Exit.PIN_BLOCKED,
  ERR_PIN_LAST_TRY: Exit.LAST_TRY_NOT_SPENT,
  ERR_PIN_OUTCOME_UNKNOWN: Exit.OUTCOME_UNKNOWN,
  ERR_PIN_CHANGE_UNKNOWN: Exit.OUTCOME_UNKNOWN,

  ERR_TIMEOUT: Exit.CARD_FAILED,
  ERR_APDU_UNEXPECTED: Exit.CARD_FAILED,
  ERR_TRACE_MISMATCH: Exit.CARD_FAILED,
  ERR_TRACE_ENDED: Exit.CARD_FAILED,
  ERR_TRACE_LEFT_OVER: Exit.CARD_FAILED,
  ERR_TRACE_REDACTED: Exit.CARD_FAILED,
  ERR_TRACE_LINK_FAILED: Exit.CARD_FAILED,

  ERR_FILE_READ: Exit.FILE_FAILED,
  ERR_FILE_WRITE: Exit.FILE_FAILED,
  ERR_FILE_EXISTS: Exit.FILE_FAILED,
  ERR_FILE_IS_DOCUMENT: Exit.FILE_FAILED,
  ERR_FILE_CHANGED: Exit.FILE_FAILED,
  ERR_FILE_FORMAT: Exit.FILE_FAILED,
  ERR_TRACE_FORMAT: Exit.FILE_FAILED,
  ERR_TRACE_IMPORT: Exit.FILE_FAILED,
  ERR_CV_ANCHOR_FORMAT: Exit.FILE_FAILED,
  ERR_PICTURE_DECODER_MISSING: Exit.FILE_FAILED,
  ERR_SIM_EXPORT: Exit.FILE_FAILED,
  ERR_SIM_PKI_FOLDER: Exit.FILE_FAILED,
  ERR_SIM_PKI_DAMAGED: Exit.FILE_FAILED,
  ERR_SIM_STATE_FILE: Exit.FILE_FAILED,
  ERR_SIM_BUSY: Exit.FILE_FAILED,

  ERR_INTERNAL: Exit.INTERNAL,
  ERR_INTERRUPTED: Exit.INTERRUPTED,
};

/** The exit code for an error code; 7 for the codes of cards, readers and their data that need no own number. */
export function exitCodeOf(code: string): ExitCode {
  return EXIT_OF_CODE[code] ?? Exit.CARD_FAILED;
}

/** Every error code with an exit code of its own; for the test that every one has its words. */
export const codesWithExit: readonly string[] = Object.keys(EXIT_OF_CODE);
