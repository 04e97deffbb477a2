import type { Row } from './side-by-side.ts';

/** A number with a goal: a ratio that should not exceed it, or a count. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly goal: number;
}

/** What a subject measured. */
export interface Report {
  readonly title: string;
  /** Rows of a side-by-side run; the first is the floor. */
  readonly rows?: readonly Row[];
  /** Rows of something that is counted, not timed. */
  readonly counts?: readonly { readonly name: string; readonly count: number }[];
  /** What is counted: `APDUs` without it. */
  readonly unit?: string;
  readonly goals: readonly Goal[];
}

export interface Subject {
  readonly name: string;
  run(): Promise<Report[]>;
}

/** The ratio between two rows by name. */
export function ratioOf(rows: readonly Row[], name: string, floor: string): number {
  const cpu = (wanted: string) => rows.find((row) => row.name === wanted)?.cpu ?? Number.NaN;
  return cpu(name) / cpu(floor);
}
