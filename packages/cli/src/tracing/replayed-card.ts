import {
  commandText,
  decodeTrace,
  parseTrace,
  type ReplayChannel,
  replay,
  type Trace,
  type TraceEntry,
} from '@jpki/trace';
import { codeOf } from '../error-code.ts';
import { CliError } from '../errors.ts';
import type { Language } from '../language.ts';
import { loadTraceTexts } from '../locales/messages.ts';
import type { TraceTexts } from '../locales/trace-texts.ts';
import { readTrace } from './trace-input.ts';

/** The note where a person was asked for a PIN. */
export const PERSON_IS_ASKED = 'the person is asked for the PIN';

/** A trace that plays a card. */
export class ReplayedCard {
  readonly channel: ReplayChannel;
  readonly trace: Trace;
  readonly #path: string;

  private constructor(path: string, trace: Trace, mode: 'strict' | 'scan') {
    this.#path = path;
    this.trace = trace;
    this.channel = replay(trace, { mode });
  }

  /** @throws as {@link readTrace} does. */
  static async open(
    path: string,
    signal: AbortSignal,
    mode: 'strict' | 'scan' = 'strict',
  ): Promise<ReplayedCard> {
    return new ReplayedCard(path, await readTrace(path, signal), mode);
  }

  /** Whether a person was asked for a PIN while the card waited. */
  get asksPerson(): boolean {
    return this.trace.entries.some((entry) => entry.type === 'note' && entry.text === PERSON_IS_ASKED);
  }

  /**
   * What a command that ended with `failure`, or well, is to fail with: what it did otherwise than the recorded one, which
   * is told also where the command made another error of it; then its own failure; then what it left out.
   *
   * @returns `undefined` for a command that did all that was recorded, and ended well.
   */
  async judge(failure: unknown, language: Language): Promise<unknown> {
    try {
      this.channel.assertFinished();
      return failure;
    } catch (fault) {
      const code = codeOf(fault) ?? '';
      return code === 'ERR_TRACE_LEFT_OVER' && failure !== undefined
        ? failure
        : await this.#inWords(fault, code, language);
    }
  }

  async #inWords(fault: unknown, code: string, language: Language): Promise<unknown> {
    const reason = reasonOf(fault, code, {
      trace: this.trace,
      language,
      texts: await loadTraceTexts(language),
    });
    const subject = this.#path === '-' ? 'stdin' : this.#path;
    return reason === undefined ? fault : new CliError(code, 'check-file', { subject, reason }, fault);
  }
}

interface Telling {
  readonly trace: Trace;
  readonly language: Language;
  readonly texts: TraceTexts;
}

function reasonOf(fault: unknown, code: string, telling: Telling): string | undefined {
  const { texts } = telling;
  const { line, received, commands }: Readonly<Record<string, unknown>> =
    fault instanceof Error ? { ...fault } : {};
  if (typeof line !== 'number') return undefined;
  const recorded = recordedStep(line, telling);
  switch (code) {
    case 'ERR_TRACE_MISMATCH': {
      const sent = receivedStep(line, received, telling);
      return sent === recorded ? texts.otherData(line, recorded) : texts.mismatch(line, recorded, sent);
    }
    case 'ERR_TRACE_LEFT_OVER':
      return texts.leftOver(line, Number(commands), recorded);
    case 'ERR_TRACE_ENDED':
      return texts.ended(line);
    case 'ERR_TRACE_REDACTED':
      return texts.redacted(line, recorded);
    default:
      return undefined;
  }
}

/** What the recorded command in or before a line did, in words; without its outcome, which nobody got. */
function recordedStep(line: number, { trace, language }: Telling): string {
  const upTo = trace.entries.filter((entry) => (entry.line ?? 0) <= line);
  return lastStep(upTo, language);
}

/** What the program sent instead, in words, where the recorded commands had brought it. */
function receivedStep(line: number, received: unknown, { trace, language }: Telling): string {
  if (typeof received !== 'string') return '';
  const before = trace.entries.filter((entry) => (entry.line ?? 0) < line);
  try {
    const [command] = parseTrace(`#! apdu-trace 1\n> ${received}\n`).entries;
    return command === undefined ? received : lastStep([...before, command], language);
  } catch {
    return received;
  }
}

function lastStep(entries: readonly TraceEntry[], language: Language): string {
  const steps = decodeTrace({ header: {}, entries }).lines.filter((each) => each.type === 'step');
  const last = steps.at(-1);
  return last === undefined ? '' : commandText(last, language);
}
