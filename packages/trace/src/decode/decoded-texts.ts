import type { StatusWordKind } from '@jpki/iso7816';
import type { EventEntry, TraceHeader } from '../model.ts';
import type { DecodedStep, TraceTotals } from './decoded-trace.ts';
import { harmless, shortened } from './display-text.ts';
import { byteCount, type Language, say, type Wording, type Words, wording } from './wording.ts';

/** Longest line of text that a trace may bring along: headings, notes, header fields. */
const MAX_TEXT = 300;

/** Text of a trace on one line. */
export function shownText(text: string): string {
  return shortened(harmless(text), MAX_TEXT);
}

/** What a step does, without what came of it: `SIGN SHA-256 DigestInfo`. */
export function commandText({ verb, subject }: DecodedStep, language: Language): string {
  return `${say(verb, language)} ${say(subject, language)}`;
}

/** A step in one sentence: `SIGN SHA-256 DigestInfo, 312 ms`. */
export function stepText(step: DecodedStep, language: Language): string {
  const { outcome, milliseconds } = step;
  const done = commandText(step, language);
  const ended = outcome === undefined ? done : `${done} → ${say(outcome, language)}`;
  if (milliseconds === undefined) return ended;
  return `${ended}${language === 'ja' ? '、' : ', '}${timeText(milliseconds)}`;
}

/** `312 ms`, `8.1 ms`. */
export function timeText(milliseconds: number): string {
  return `${Math.round(milliseconds * 10) / 10} ms`;
}

const EVENTS: Readonly<Record<EventEntry['event'], Words>> = {
  connected: { ja: 'カードに接続', en: 'card connected' },
  removed: { ja: 'カードが取り出された', en: 'card removed' },
  reset: { ja: 'カードがリセットされた', en: 'card reset' },
  closed: { ja: '接続を閉じた', en: 'connection closed' },
  failed: { ja: '通信の失敗', en: 'link failed' },
};

/** What happened to the card. */
export function eventText({ event, code }: EventEntry): Words {
  return code === undefined ? EVENTS[event] : wording`${EVENTS[event]} (${shownText(code)})`;
}

/** Colour of an outcome, as a parameter of SGR (ECMA-48, 8.3.117): green, yellow, red, and none. */
export const RESULT_COLOURS: Readonly<Record<StatusWordKind | 'none', number>> = {
  success: 32,
  'more-data': 32,
  warning: 33,
  'wrong-le': 33,
  error: 31,
  proprietary: 33,
  invalid: 31,
  none: 33,
};

/** Header fields with their names for people, in order; those that are absent are left out. */
export function headerFields(header: TraceHeader): readonly (readonly [Words, string])[] {
  const fields: readonly (readonly [Words, string | undefined])[] = [
    [{ ja: '表題', en: 'title' }, header.title],
    [{ ja: 'カード', en: 'card' }, header.card],
    [{ ja: 'リーダー', en: 'reader' }, header.reader],
    [{ ja: 'プロトコル', en: 'protocol' }, header.protocol],
    [{ ja: 'ソフトウェア', en: 'software' }, header.software],
    [{ ja: '出典', en: 'source' }, header.source],
    [{ ja: '取得方法', en: 'obtained' }, header.obtained],
    [{ ja: '記録日時', en: 'recorded' }, header.recorded?.toISOString()],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, shownText(value)] as const]));
}

/** The sums with their names for people. */
export function totalsFields(totals: TraceTotals): readonly (readonly [Words, Words])[] {
  const { commands, unanswered, bytesSent, bytesReceived } = totals;
  const count = String(commands);
  const without = { ja: `（うち応答なし ${unanswered}）`, en: ` (${unanswered} without an answer)` };
  return [
    ['APDU', unanswered === 0 ? count : wording`${count}${without}`],
    [{ ja: '送信', en: 'sent' }, byteCount(bytesSent)],
    [{ ja: '受信', en: 'received' }, byteCount(bytesReceived)],
    ...timeFields(totals),
    [{ ja: '失った試行回数', en: 'PIN tries spent' }, triesText(totals)],
  ];
}

function timeFields({ milliseconds, timed, commands, unanswered, slowest }: TraceTotals): [Words, Words][] {
  if (timed === 0 || slowest === undefined) return [];
  const isPartial = timed < commands - unanswered;
  const part = { ja: `（${timed}個のAPDU）`, en: ` (of ${timed} APDUs)` };
  const time = wording`${timeText(milliseconds)}${isPartial ? part : ''}`;
  const { line, what } = slowest;
  const at: Wording =
    line === undefined ? { ja: '', en: '' } : { ja: `（${line}行目）`, en: ` (line ${line})` };
  const comma: Words = { ja: '、', en: ', ' };
  return [
    [{ ja: 'カードの時間', en: 'time on the card' }, time],
    [{ ja: '最も遅い', en: 'slowest' }, wording`${what}${comma}${timeText(slowest.milliseconds)}${at}`],
  ];
}

function triesText({ triesSpent, triesUncertain }: TraceTotals): Words {
  const parts = triesSpent.map(({ secret, count }) => wording`${secret} ${String(count)}`);
  if (triesUncertain > 0)
    parts.push({ ja: `不明 ${triesUncertain}`, en: `${triesUncertain} uncertain (no answer)` });
  const [first, ...others] = parts;
  if (first === undefined) return { ja: 'なし', en: 'none' };
  return others.reduce((text, part) => wording`${text}, ${part}`, first);
}
