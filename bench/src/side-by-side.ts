/** One way of doing a job; called many times. */
export type Candidate = () => unknown;

/** CPU time per call, and how many times the cost of the first candidate that is. */
export interface Row {
  readonly name: string;
  /** Median over the rounds of user + system time per call, µs. */
  readonly cpu: number;
  /** `cpu` over the floor's `cpu`. */
  readonly ratio: number;
}

export interface Options {
  /** Rounds in which every candidate has its turn. */
  readonly rounds?: number;
  /** Milliseconds each candidate runs per round. */
  readonly milliseconds?: number;
}

/**
 * Measures candidates in one process, in turn, round after round, so that a change in the machine's speed meets all
 * of them alike. Only the ratios mean something; the first candidate is the floor.
 */
export async function sideBySide(
  candidates: Readonly<Record<string, Candidate>>,
  { rounds = 7, milliseconds = 250 }: Options = {},
): Promise<Row[]> {
  const entries: { name: string; run: Candidate; calls: number; cpu: number[] }[] = [];
  for (const [name, run] of Object.entries(candidates)) {
    entries.push({ name, run, calls: await callsFor(run, milliseconds), cpu: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const before = process.cpuUsage();
      for (let call = 0; call < entry.calls; call++) await finished(entry.run());
      const { user, system } = process.cpuUsage(before);
      entry.cpu.push((user + system) / entry.calls);
    }
  }
  const floor = median(entries[0]?.cpu ?? []);
  return entries.map(({ name, cpu }) => ({ name, cpu: median(cpu), ratio: median(cpu) / floor }));
}

/** A promise costs a turn of the loop even when it is not one, so synchronous candidates are not awaited. */
function finished(result: unknown): unknown {
  return result instanceof Promise ? result : undefined;
}

/** How often a candidate runs in the given time, found by running it; also its warm-up. */
async function callsFor(run: Candidate, milliseconds: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  do {
    const result = run();
    if (result instanceof Promise) await result;
    calls++;
  } while (performance.now() - start < milliseconds);
  return Math.max(1, Math.round((calls * milliseconds) / (performance.now() - start)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
