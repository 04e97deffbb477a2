import type { SkipReason } from '../tracing/harmless-commands.ts';

/** Words about traces. */
export interface TraceTexts {
  /** Said when a recording has ended; by whose data are in it. */
  readonly written: Readonly<Record<'person' | 'invented' | 'synthesized', (path: string) => string>>;
  /** Said when a recording broke off, for the reason that the system gives. */
  readonly incomplete: (path: string, reason: string) => string;
  /** Another command came than the recorded one; both in words. */
  readonly mismatch: (line: number, recorded: string, sent: string) => string;
  /** The same command came with other data. */
  readonly otherData: (line: number, step: string) => string;
  readonly ended: (line: number) => string;
  readonly leftOver: (line: number, commands: number, first: string) => string;
  readonly redacted: (line: number, step: string) => string;
  /** Lines of `jpki trace replay`. */
  readonly replayed: (sent: number, skipped: number) => string;
  readonly skipped: (line: number | undefined, step: string, reason: string) => string;
  readonly skipReasons: Readonly<Record<SkipReason, string>>;
  readonly fileWritten: (path: string) => string;
}
