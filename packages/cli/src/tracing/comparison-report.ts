import {
  type DifferencePlace,
  formatDifferences,
  type IgnoredContent,
  type Language,
  say,
  type TraceComparison,
} from '@jpki/trace';
import { Exit } from '../exit-codes.ts';
import type { Program } from '../program.ts';
import { tellLines, wantsColour } from './trace-output.ts';

/** What `--ignore` takes. */
export const IGNORABLE: readonly IgnoredContent[] = ['certificates', 'contents'];

/** Prints a comparison; with differences the command exits as diff(1) does. `more` stands before it in the document. */
export function reportComparison(program: Program, comparison: TraceComparison, more: object = {}): void {
  const { output, messages } = program;
  const lang = messages.language;
  if (comparison.differences.length > 0) program.exitCode = Exit.DIFFERENT;
  if (output.json) {
    output.document({ ...more, ...comparisonDocument(comparison, lang) });
    return;
  }
  const color = wantsColour();
  tellLines(output, formatDifferences(comparison, { lang, color }), color);
}

/** A comparison for `--json`. */
function comparisonDocument(comparison: TraceComparison, lang: Language): object {
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
