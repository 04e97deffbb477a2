import { describeStatusWord, toHex } from '@jpki/iso7816';
import type { Language } from '../language.ts';
import type { ApduTexts } from '../locales/apdu-texts.ts';
import { statusWordText } from '../status-word-text.ts';
import type { JudgedExchange } from './apdu-session.ts';
import { tlvLines } from './tlv-tree.ts';

/** Bytes of response data in a line. */
const LINE_BYTES = 32;

/** A status word and what it means: `6A82 file or application not found`. */
export function explainedWord(sw: number, language: Language): string {
  return `${statusWordText(sw)} ${describeStatusWord(sw)[language]}`;
}

/** An exchange for a person. */
export function exchangeLines(
  { command, data, sw, milliseconds, tlv }: JudgedExchange,
  language: Language,
  texts: ApduTexts,
): string[] {
  const time = `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  const facts = [
    explainedWord(sw, language),
    ...(data.length > 0 ? [texts.bytes(data.length)] : []),
    time,
  ].join(' · ');
  const hex = toHex(data).match(new RegExp(`.{1,${2 * LINE_BYTES}}`, 'g')) ?? [];
  return [
    `> ${command}`,
    ...[...hex, facts].map((line, at) => `${at === 0 ? '<' : ' '} ${line}`),
    ...(tlv === undefined ? [] : tlvLines(tlv)),
  ];
}

/** An exchange for a script. */
export function exchangeDocument(exchange: JudgedExchange, line: number, language: Language): object {
  const { command, data, sw, milliseconds, tlv, expected, asExpected } = exchange;
  return {
    line,
    command,
    data: toHex(data),
    sw: statusWordText(sw),
    meaning: describeStatusWord(sw)[language],
    ...(expected !== undefined && { expected, asExpected }),
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    ...(tlv !== undefined && { tlv }),
  };
}
