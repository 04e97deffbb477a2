import type { CommandHeader, StatusWord, StatusWordKind } from '@jpki/iso7816';
import type {
  EventEntry,
  GivenNonceEntry,
  GivenTimeEntry,
  HeadingEntry,
  MaskedBytes,
  NoteEntry,
  TraceHeader,
} from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import type { DataNode } from './data-node.ts';
import type { Wording, Words } from './wording.ts';

/** A trace in words, in both languages. */
export interface DecodedTrace {
  readonly header: TraceHeader;
  /** The answer to reset, opened; absent without one. */
  readonly atr?: DataNode;
  readonly lines: readonly DecodedLine[];
  readonly totals: TraceTotals;
}

/** What stands in a decoded trace: steps, and between them what a trace has besides commands. */
export type DecodedLine =
  | DecodedStep
  | HeadingEntry
  | NoteEntry
  | EventEntry
  | GivenTimeEntry
  | GivenNonceEntry;

/** One thing that was done: most take one command, reading a file takes several. */
export interface DecodedStep {
  readonly type: 'step';
  readonly kind: Step['kind'];
  /** Line of its first command in the text of the trace. */
  readonly line?: number;
  /** What was done: SELECT, 照合. */
  readonly verb: Words;
  /** To what: 署名用パスワード, `EF 0005`. */
  readonly subject: Words;
  /** How it ended, where there is more to say than that it worked. */
  readonly outcome?: Words;
  /** What sort of status word the last answer had; `none` without an answer. */
  readonly result: StatusWordKind | 'none';
  /** Official Japanese name of the application concerned, if it is on the map of the card. */
  readonly application?: string;
  /** Official Japanese name of the file or data object. */
  readonly file?: string;
  /** Sum over its commands, where all times are known. */
  readonly milliseconds?: number;
  /** At least one. */
  readonly exchanges: readonly DecodedExchange[];
  /** What was sent or read, opened. */
  readonly data: readonly DataNode[];
}

/** A command and its answer in their fields. */
export interface DecodedExchange {
  readonly line?: number;
  /** Absent where the command cannot be read; then `data` holds all of it. */
  readonly header?: CommandHeader;
  /** Command data field; a PIN is a placeholder here, also where the trace has it in clear. */
  readonly data: MaskedBytes;
  readonly le?: number;
  readonly extended: boolean;
  readonly answer?: DecodedAnswer;
}

/** The answer to a command. */
export interface DecodedAnswer {
  readonly line?: number;
  readonly data: MaskedBytes;
  /** Absent where it was not recorded. */
  readonly sw?: StatusWord;
  readonly meaning: Wording;
  readonly milliseconds?: number;
}

/** Sums over a trace. */
export interface TraceTotals {
  /** Command APDUs. */
  readonly commands: number;
  /** Commands without an answer. */
  readonly unanswered: number;
  /** Bytes of all commands. */
  readonly bytesSent: number;
  /** Bytes of all answers, status words included. */
  readonly bytesReceived: number;
  /** Time on the card: the sum of the times that are known. */
  readonly milliseconds: number;
  /** Answers whose time is known. */
  readonly timed: number;
  /** The command that took longest. */
  readonly slowest?: { readonly line?: number; readonly what: Words; readonly milliseconds: number };
  /** PIN tries that were spent, by secret, in order of appearance. */
  readonly triesSpent: readonly { readonly secret: Words; readonly count: number }[];
  /** VERIFY and CHANGE commands without an answer: nobody knows whether they cost a try. */
  readonly triesUncertain: number;
}
