import { type CommandHeader, toHex } from '@jpki/iso7816';
import { isPlain, maskedLength } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { timeText } from './decoded-texts.ts';
import type { DecodedAnswer, DecodedExchange } from './decoded-trace.ts';
import { hexDigits, paddedLeft } from './display-text.ts';
import { hiddenText } from './value-text.ts';
import { byteCount, type Language, say, type Words } from './wording.ts';

/** Bytes on one line, and most lines of one data field. */
const BYTES_PER_LINE = 32;
const MAX_LINES = 64;

/** Writes an APDU and its answer, split into their fields. `numbers` is the width of the line numbers. */
export function formatExchange(exchange: DecodedExchange, language: Language, numbers: number): string[] {
  const number = (line: number | undefined) => paddedLeft(line === undefined ? '' : String(line), numbers);
  const indent = ' '.repeat(numbers + 6);
  const { header, answer } = exchange;
  const fields = header === undefined ? '' : commandFields(header, exchange);
  return [
    `${number(exchange.line)}    > ${fields}`.trimEnd(),
    ...hexLines(exchange.data, language).map((line) => indent + line),
    ...(answer === undefined ? [] : [`${number(answer.line)}    < ${answerText(answer, language)}`]),
    ...hexLines(answer?.data ?? [], language).map((line) => indent + line),
  ];
}

function commandFields(header: CommandHeader, { data, le, extended }: DecodedExchange): string {
  const { cla, ins, p1, p2 } = header;
  const length = maskedLength(data);
  // An extended Lc begins with 00, and so does an extended Le without one before it.
  const digits = (value: number, isFirst: boolean) =>
    extended ? (isFirst ? '00' : '') + hexDigits(value & 0xffff, 4) : hexDigits(value & 0xff, 2);
  return [
    `CLA ${hexDigits(cla, 2)}  INS ${hexDigits(ins, 2)}  P1 ${hexDigits(p1, 2)}  P2 ${hexDigits(p2, 2)}`,
    ...(length === 0 ? [] : [`Lc ${digits(length, true)}`]),
    ...(le === undefined ? [] : [`Le ${digits(le, length === 0)}`]),
  ].join('  ');
}

function answerText({ sw, meaning, data, milliseconds }: DecodedAnswer, language: Language): string {
  const length = maskedLength(data);
  return [
    ...(sw === undefined ? [] : [hexDigits(sw, 4)]),
    say(meaning, language),
    ...(length === 0 ? [] : [say(byteCount(length), language)]),
    ...(milliseconds === undefined ? [] : [timeText(milliseconds)]),
  ].join('  ');
}

function hexLines(masked: MaskedBytes, language: Language): string[] {
  const lines: string[] = [];
  for (const piece of masked) {
    if (!isPlain(piece)) lines.push(say(hiddenText(piece.type, piece.length), language));
    else
      for (let at = 0; at < piece.length && lines.length <= MAX_LINES; at += BYTES_PER_LINE)
        lines.push(grouped(piece.subarray(at, at + BYTES_PER_LINE)));
    if (lines.length > MAX_LINES) return [...lines.slice(0, MAX_LINES), say(MORE, language)];
  }
  return lines;
}

const MORE: Words = { ja: '…（以下省略）', en: '… (the rest is left out)' };

/** Four bytes to a group. */
function grouped(bytes: Uint8Array): string {
  return toHex(bytes).replaceAll(/(.{8})(?=.)/g, '$1 ');
}
