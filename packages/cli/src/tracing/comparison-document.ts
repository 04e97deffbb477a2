import { type DifferencePlace, type Language, say, type TraceComparison } from '@jpki/trace';

/** A comparison for `--json`. */
export function comparisonDocument(comparison: TraceComparison, lang: Language): object {
  const { differences, more, same, timings } = comparison;
  return {
    equal: differences.length === 0,
    same,
    differences: differences.map(({ kind, a, b }) => ({
      kind,
      ...(a && { a: placeDocument(a, lang) }),
      ...(b && { b: placeDocument(b, lang) }),
    })),
    more,
    timings: timings.map(({ what, ...row }) => ({ what: say(what, lang), ...row })),
  };
}

function placeDocument({ what, ...place }: DifferencePlace, lang: Language): object {
  return { ...place, what: say(what, lang) };
}
