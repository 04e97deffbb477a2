import { describeStatusWord, toHex, triesLeftFrom } from '@jpki/iso7816';
import type { Language } from '../language.ts';
import type { ApduTexts } from '../locales/apdu-texts.ts';
import { statusWordText } from '../status-word-text.ts';
import type { JudgedExchange } from './apdu-session.ts';
import { tlvLines } from './tlv-tree.ts';

/** Bytes of response data in a line. */
const LINE_BYTES = 32;

/** A status word and what it means as the answer to its command: `6A82 file or application not found`. */
export function explainedWord(exchange: JudgedExchange, language: Language, texts: ApduTexts): string {
  return `${statusWordText(exchange.sw)} ${meaningOf(exchange, language, texts)}`;
}

/** As the answer to the question for them, 63Cx tells tries: nothing was verified, so nothing failed. */
function meaningOf(
  { sw, asksTries }: Pick<JudgedExchange, 'sw' | 'asksTries'>,
  language: Language,
  texts: ApduTexts,
): string {
  const triesLeft = asksTries ? triesLeftFrom(sw) : undefined;
  return triesLeft === undefined ? describeStatusWord(sw)[language] : texts.triesLeft(triesLeft);
}

/** An exchange for a person. */
export function exchangeLines(exchange: JudgedExchange, language: Language, texts: ApduTexts): string[] {
  const { command, data, milliseconds, tlv } = exchange;
  const time = `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  const facts = [
    explainedWord(exchange, language, texts),
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
export function exchangeDocument(
  exchange: JudgedExchange,
  line: number,
  language: Language,
  texts: ApduTexts,
): object {
  const { command, data, sw, milliseconds, tlv, expected, asExpected } = exchange;
  return {
    line,
    command,
    data: toHex(data),
    sw: statusWordText(sw),
    meaning: meaningOf(exchange, language, texts),
    ...(expected !== undefined && { expected, asExpected }),
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    ...(tlv !== undefined && { tlv }),
  };
}
