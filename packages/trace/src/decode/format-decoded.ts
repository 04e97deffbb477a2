import { toHex } from '@jpki/iso7816';
import type { GivenTimeEntry, HeadingEntry } from '../model.ts';
import {
  eventText,
  headerFields,
  RESULT_COLOURS,
  shownText,
  stepText,
  totalsFields,
} from './decoded-texts.ts';
import type { DecodedLine, DecodedStep, DecodedTrace } from './decoded-trace.ts';
import { displayWidth, hexDigits, padded, paddedLeft } from './display-text.ts';
import type { Interlude } from './exchange.ts';
import { formatExchange } from './format-exchange.ts';
import { formatNodes } from './format-nodes.ts';
import { Painter } from './painter.ts';
import { type Language, say, type Words } from './wording.ts';

/** How a decoded trace is written for people. */
export interface FormatDecodedOptions {
  /** Language of all but the card's own words. Default `en`. */
  readonly lang?: Language;
  /** Each APDU beneath its step, split into its fields. Default false. */
  readonly verbose?: boolean;
  /** What was sent or read, opened beneath its step. Default true; false is one line for each step. */
  readonly data?: boolean;
  /** With colours for a terminal. Default false. */
  readonly color?: boolean;
}

/** Columns after which the status words of longer lines leave their column. */
const MAX_SENTENCE = 72;

const GIVEN_TIME: Words = { ja: 'プログラムに渡した時刻', en: 'time given to the program' };
const GIVEN_BYTES: Words = { ja: 'プログラムに渡した乱数', en: 'random bytes given to the program' };

/** Writes a decoded trace for people: lines without line ends. */
export function formatDecoded(decoded: DecodedTrace, options: FormatDecodedOptions = {}): string[] {
  const formatter = new DecodedFormatter(decoded, options);
  return [...formatter.head(decoded), ...formatter.body(decoded.lines), '', ...formatter.foot(decoded)];
}

class DecodedFormatter {
  readonly #language: Language;
  readonly #verbose: boolean;
  readonly #data: boolean;
  readonly #painter: Painter;
  /** Columns of the line numbers, and of the sentences. */
  readonly #numbers: number;
  readonly #sentences: number;

  constructor({ lines }: DecodedTrace, options: FormatDecodedOptions) {
    this.#language = options.lang ?? 'en';
    this.#verbose = options.verbose ?? false;
    this.#data = options.data ?? true;
    this.#painter = new Painter(options.color ?? false);
    let [numbers, sentences] = [3, 0];
    for (const line of lines) {
      numbers = Math.max(numbers, String(line.line ?? '').length);
      if (line.type !== 'step') continue;
      const width = displayWidth(stepText(line, this.#language));
      if (width <= MAX_SENTENCE) sentences = Math.max(sentences, width);
    }
    this.#numbers = numbers;
    this.#sentences = sentences;
  }

  head({ header, atr }: DecodedTrace): string[] {
    const nodes = headerFields(header).map(([label, value]) => ({ label, value, children: [] }));
    const opened = atr && (this.#verbose ? atr : { ...atr, children: [] });
    const lines = formatNodes([...nodes, ...(opened ? [opened] : [])], this.#language, '');
    return lines.length === 0 ? [] : [...lines, ''];
  }

  body(lines: readonly DecodedLine[]): string[] {
    return lines.flatMap((line, index) => {
      if (line.type === 'step') return this.#step(line);
      if (line.type !== 'heading') return [this.#interlude(line)];
      return [...(index === 0 ? [] : ['']), this.#painter.bold(`== ${shownText(line.text)}`)];
    });
  }

  foot({ totals }: DecodedTrace): string[] {
    const nodes = totalsFields(totals).map(([label, value]) => ({ label, value, children: [] }));
    return formatNodes(nodes, this.#language, '');
  }

  #step(step: DecodedStep): string[] {
    const sentence = stepText(step, this.#language);
    const last = step.exchanges.at(-1)?.answer?.sw;
    const sw = last === undefined ? '----' : hexDigits(last, 4);
    const painted = this.#painter.colour(RESULT_COLOURS[step.result], sw);
    const first = `${this.#number(step.line)}  ${padded(sentence, this.#sentences)}  ${painted}`;
    const indent = ' '.repeat(this.#numbers + 4);
    const exchanges = this.#verbose
      ? step.exchanges.flatMap((exchange) => formatExchange(exchange, this.#language, this.#numbers))
      : [];
    const data = this.#data ? formatNodes(step.data, this.#language, indent) : [];
    return [first, ...[...exchanges, ...data].map((line) => this.#painter.faint(line))];
  }

  #interlude(entry: Exclude<Interlude, HeadingEntry>): string {
    const inWords = (words: Words) => say(words, this.#language);
    const number = this.#number(entry.line);
    switch (entry.type) {
      case 'note':
        return `${number}  # ${shownText(entry.text)}`;
      case 'event':
        return `${number}  ${this.#painter.colour(RESULT_COLOURS.warning, `! ${inWords(eventText(entry))}`)}`;
      case 'now':
        return `${number}  * ${inWords(GIVEN_TIME)} ${timeOf(entry)}`;
      case 'nonce':
        return `${number}  * ${inWords(GIVEN_BYTES)} ${toHex(entry.bytes.subarray(0, 32))}`;
    }
  }

  #number(line: number | undefined): string {
    return this.#painter.faint(paddedLeft(line === undefined ? '' : String(line), this.#numbers));
  }
}

function timeOf({ time }: GivenTimeEntry): string {
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString();
}
