import type { Exchange } from '../decode/exchange.ts';
import { keyText, verbOf } from '../decode/step-words.ts';
import { say, type Wording, wording } from '../decode/wording.ts';
import type { Comparable } from './comparable.ts';
import type { TimingRow, TimingSide } from './trace-difference.ts';

interface Sort {
  readonly what: Wording;
  readonly times: number[];
}

/** Median times by sort of command, for the sorts that both traces have times of. In the order of the first one. */
export function compareTimings(a: readonly Comparable[], b: readonly Comparable[]): TimingRow[] {
  const [inA, inB] = [timesOf(a), timesOf(b)];
  return [...inA].flatMap(([key, { what, times }]) => {
    const other = inB.get(key);
    if (other === undefined) return [];
    const [sideA, sideB] = [sideOf(times), sideOf(other.times)];
    const ratio = sideB.medianMilliseconds / sideA.medianMilliseconds;
    return [{ what, a: sideA, b: sideB, ...(Number.isFinite(ratio) && { ratio }) }];
  });
}

function timesOf(comparables: readonly Comparable[]): ReadonlyMap<string, Sort> {
  const sorts = new Map<string, Sort>();
  for (const comparable of comparables) {
    if (comparable.type !== 'exchange') continue;
    const milliseconds = comparable.exchange.response?.milliseconds;
    if (milliseconds === undefined) continue;
    const what = sortOf(comparable.exchange);
    const key = say(what, 'en');
    const sort = sorts.get(key) ?? { what, times: [] };
    sort.times.push(milliseconds);
    sorts.set(key, sort);
  }
  return sorts;
}

/** Signing depends on the key, other commands mostly on themselves. */
function sortOf({ step }: Exchange): Wording {
  return step.kind === 'sign' ? wording`${verbOf(step)} ${keyText(step)}` : wording`${verbOf(step)}`;
}

function sideOf(times: readonly number[]): TimingSide {
  const sorted = times.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return { count: sorted.length, medianMilliseconds: Math.round(median * 10) / 10 };
}
