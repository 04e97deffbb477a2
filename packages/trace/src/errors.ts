import { CardError, LinkError } from '@jpki/iso7816';

/** A text that is no trace. The message says what was expected, never what stood there. */
export class TraceFormatError extends CardError {
  override readonly name = 'TraceFormatError';
  /** Line of the text, from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line} of the trace: ${problem}`, { code: 'ERR_TRACE_FORMAT' });
    this.line = line;
  }
}

/** The program sent another command than the recorded one. Secrets and personal bytes are placeholders in both. */
export class TraceMismatchError extends LinkError {
  override readonly name = 'TraceMismatchError';
  /** Line of the recorded command, from 1; 0 for a trace without lines. */
  readonly line: number;
  readonly expected: string;
  readonly received: string;

  constructor(line: number, expected: string, received: string) {
    super(`line ${line} of the trace: expected ${expected}, received ${received}`, {
      code: 'ERR_TRACE_MISMATCH',
    });
    this.line = line;
    this.expected = expected;
    this.received = received;
  }
}

/** The program sent a command after the last recorded one, or one whose answer was not recorded. */
export class TraceEndedError extends LinkError {
  override readonly name = 'TraceEndedError';
  /** Line where the trace ends, from 1; 0 for a trace without lines. */
  readonly line: number;

  constructor(line: number, received: string) {
    super(`the trace ends at line ${line}, and the program went on with ${received}`, {
      code: 'ERR_TRACE_ENDED',
    });
    this.line = line;
  }
}

/** The recorded answer holds placeholders: what stood there was not written down, so it cannot be given. */
export class TraceRedactedError extends LinkError {
  override readonly name = 'TraceRedactedError';
  /** Line of the response, from 1; 0 for a trace without lines. */
  readonly line: number;

  constructor(line: number) {
    const advice = "record with the virtual card's equivalents (--synthesize) to replay reading and signing";
    super(`line ${line} of the trace: the answer was redacted while recording; ${advice}`, {
      code: 'ERR_TRACE_REDACTED',
    });
    this.line = line;
  }
}

/** The program ended before the trace did. */
export class TraceLeftOverError extends CardError {
  override readonly name = 'TraceLeftOverError';
  /** Line of the first command that was not sent, from 1; 0 for a trace without lines. */
  readonly line: number;
  /** Commands that were not sent. */
  readonly commands: number;

  constructor(line: number, commands: number) {
    super(`${commands} commands of the trace were not sent, from line ${line} on`, {
      code: 'ERR_TRACE_LEFT_OVER',
    });
    this.line = line;
    this.commands = commands;
  }
}
