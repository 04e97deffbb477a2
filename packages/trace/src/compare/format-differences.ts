import { timeText } from '../decode/decoded-texts.ts';
import { displayWidth, padded, paddedLeft } from '../decode/display-text.ts';
import { Painter } from '../decode/painter.ts';
import { type Language, say, type Words } from '../decode/wording.ts';
import type {
  DifferenceKind,
  DifferencePlace,
  TimingRow,
  TraceComparison,
  TraceDifference,
} from './trace-difference.ts';

/** How differences are written for people. */
export interface FormatDifferencesOptions {
  /** Language of all but the card's own words. Default `en`. */
  readonly lang?: Language;
  /** With colours for a terminal. Default false. */
  readonly color?: boolean;
}

/** Sign, colour (31 red, 32 green, 33 yellow) and name of each kind. */
const KINDS: Readonly<Record<DifferenceKind, readonly [string, number, Words]>> = {
  'only-in-a': ['-', 31, { ja: 'aのみ', en: 'only in a' }],
  'only-in-b': ['+', 32, { ja: 'bのみ', en: 'only in b' }],
  'status-word-differs': ['~', 33, { ja: 'ステータスワードが異なる', en: 'status words differ' }],
  'response-differs': ['~', 33, { ja: '応答が異なる', en: 'answers differ' }],
  'event-differs': ['~', 33, { ja: '出来事が異なる', en: 'events differ' }],
  'header-differs': ['~', 33, { ja: 'ヘッダーが異なる', en: 'headers differ' }],
};

/** Most characters shown of bytes that differ, and how many of the equal ones before them. */
const MAX_VALUE = 48;
const BEFORE = 8;

/** Columns of a line number. */
const NUMBER = 5;

/** Writes a comparison for people: lines without line ends. */
export function formatDifferences(
  { differences, more, same, timings }: TraceComparison,
  { lang = 'en', color = false }: FormatDifferencesOptions = {},
): string[] {
  const painter = new Painter(color);
  const shown = differences.flatMap((difference) => differenceLines(difference, lang, painter));
  const beyond: Words = { ja: `…ほかに${more}件`, en: `… and ${more} more` };
  const total = differences.length + more;
  const sum: Words = {
    ja: total === 0 ? `違いなし（同じもの${same}件）` : `違い${total}件、同じもの${same}件`,
    en: total === 0 ? `no differences (${same} the same)` : `${total} different, ${same} the same`,
  };
  return [
    ...shown,
    ...(more > 0 ? [say(beyond, lang)] : []),
    ...(shown.length > 0 ? [''] : []),
    painter.bold(say(sum, lang)),
    ...timingLines(timings, lang),
  ];
}

function differenceLines({ kind, a, b }: TraceDifference, lang: Language, painter: Painter): string[] {
  const [sign, colour, name] = KINDS[kind];
  const start = `${painter.colour(colour, sign)} ${number(a?.line)} ${number(b?.line)}  `;
  const only = a === undefined ? b : b === undefined ? a : undefined;
  if (only !== undefined) return [start + painter.colour(colour, say(only.what, lang))];
  const indent = ' '.repeat(2 * NUMBER + 6);
  const [inA, inB] = differing(a?.value ?? '', b?.value ?? '');
  const side = (letter: string, place: DifferencePlace | undefined, value: string) =>
    `${indent}${letter}  ${place === undefined ? '' : say(place.what, lang)}  ${value}`.trimEnd();
  return [start + painter.colour(colour, say(name, lang)), side('a', a, inA), side('b', b, inB)];
}

function number(line: number | undefined): string {
  return paddedLeft(line === undefined ? '' : String(line), NUMBER);
}

/** Both texts around the first place where they differ. */
function differing(a: string, b: string): readonly [string, string] {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++;
  // Two digits make a byte.
  const from = Math.max(0, at - (at % 2) - BEFORE);
  const excerpt = (text: string) => {
    const end = from + MAX_VALUE;
    return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
  };
  return a.length <= MAX_VALUE && b.length <= MAX_VALUE ? [a, b] : [excerpt(a), excerpt(b)];
}

function timingLines(timings: readonly TimingRow[], lang: Language): string[] {
  if (timings.length === 0) return [];
  const rows = timings.map(({ what, a, b, ratio }) => [
    say(what, lang),
    `${timeText(a.medianMilliseconds)} ×${a.count}`,
    `${timeText(b.medianMilliseconds)} ×${b.count}`,
    ratio === undefined ? '' : ratio.toFixed(2),
  ]);
  const head = [say({ ja: '時間の中央値', en: 'median time' }, lang), 'a', 'b', 'b/a'];
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => displayWidth(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? padded(cell, widths[i] ?? 0) : paddedLeft(cell, widths[i] ?? 0)))
      .join('  ');
  return ['', ...table.map(line)].map((text) => text.trimEnd());
}
