import { isPlain, joinMasked, maskedLength, sliceMasked, statusWordOf } from '../masked-bytes.ts';
import type { EventEntry, Holder, MaskedBytes, TraceEntry } from '../model.ts';
import { Redactor } from '../redact/redact.ts';
import { isDigest } from '../redact/redact-command.ts';
import { MAX_HEADER_LENGTH } from '../redact/redact-response.ts';
import type { Step } from '../steps/card-step.ts';
import type { MaskedCommand } from '../steps/masked-command.ts';
import type { Equivalent } from './equivalent.ts';
import { type ExchangeLog, responseEntry } from './exchange-log.ts';
import { type HeldRead, ReadRun } from './read-run.ts';

/** The command whose answer is awaited. */
interface Pending {
  readonly step: Step | undefined;
  /** Redacted. */
  readonly command: MaskedBytes;
  /** Data to sign, as it was written. */
  readonly data?: Uint8Array;
  /** Not written yet, because its answer decides what is. */
  readonly held: boolean;
}

/**
 * Writes what the equivalent would have answered in place of what a person's card did. Reads of one file are held back
 * until the run of them ends: the equivalent's file may be longer or shorter, and a reader of it would have sent more
 * commands or fewer. What cannot be synthesized is redacted as ever.
 */
export class SynthesizedLog implements ExchangeLog {
  readonly #write: (entry: TraceEntry) => void;
  readonly #redactor: Redactor;
  readonly #equivalent: Equivalent;
  readonly #holder: Holder;
  #pending: Pending | undefined;
  #run: ReadRun | undefined;

  constructor(write: (entry: TraceEntry) => void, holder: Holder, equivalent: Equivalent) {
    this.#write = write;
    this.#redactor = new Redactor({ holder });
    this.#equivalent = equivalent;
    this.#holder = holder;
  }

  command(bytes: Uint8Array): void {
    this.#giveUpPending();
    const command = this.#redactor.command(bytes);
    const { step } = this.#redactor;
    const run = step && this.#holder === 'person' ? ReadRun.of(step, this.#equivalent) : undefined;
    if (run === undefined || !this.#run?.isSame(run)) this.#endRun();
    this.#run ??= run;
    const data = this.#dataToSign(step, bytes);
    this.#pending = { step, command, held: run !== undefined, ...(data && { data }) };
    if (run === undefined) this.#write({ type: 'command', bytes: withSignInput(command, step, data) });
  }

  /**
   * The data to sign that is written, for the equivalent to sign: what it would have had signed, or else the digest that a
   * person's card was given. Only a digest: anything else might be the document, and a signature tells what was signed.
   */
  #dataToSign(step: Step | undefined, bytes: Uint8Array): Uint8Array | undefined {
    if (this.#holder !== 'person' || this.#equivalent.signature === undefined) return undefined;
    if (step?.kind !== 'sign' || step.command === undefined || step.secured || step.chained) return undefined;
    if (step.aid === undefined || !isDigest(step.command)) return undefined;
    const data = dataOf(step.command, bytes);
    const { aid, ef, scheme } = step;
    const other = this.#equivalent.dataToSign?.({ aid, ef, scheme, data });
    return other?.length === data.length ? new Uint8Array(other) : data;
  }

  async response(bytes: Uint8Array, milliseconds: number | undefined): Promise<void> {
    const pending = this.#pending;
    this.#pending = undefined;
    const response = this.#redactor.response(bytes);
    const { step, command, held } = pending ?? {};
    if (step?.kind === 'read-binary' && command !== undefined && held === true) {
      this.#hold({ step, command, response, milliseconds, ...answerOf(bytes) });
      return;
    }
    const shown = response.every(isPlain) ? response : await this.#replaced(pending, response);
    this.#write(responseEntry(shown, milliseconds));
  }

  event(event: EventEntry): void {
    this.#giveUpPending();
    this.#endRun();
    this.#redactor.reset();
    this.#write(event);
  }

  forget(): void {
    this.#redactor.reset();
  }

  entry(entry: TraceEntry): void {
    this.#endRun();
    this.#write(entry);
  }

  end(): void {
    this.#giveUpPending();
    this.#endRun();
  }

  #hold(read: HeldRead): void {
    if (this.#run?.add(read) === false) this.#endRun();
  }

  /** A held command whose answer never came is written as it was sent. */
  #giveUpPending(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending?.held !== true) return;
    this.#endRun();
    this.#write({ type: 'command', bytes: pending.command });
  }

  #endRun(): void {
    const run = this.#run;
    this.#run = undefined;
    for (const entry of run?.entries() ?? []) this.#write(entry);
  }

  /** The answer with the equivalent's data, where it has some that the command could have brought. */
  async #replaced(pending: Pending | undefined, response: MaskedBytes): Promise<MaskedBytes> {
    const { step } = pending ?? {};
    if (step?.kind === 'read-binary') return this.#withParts(step, response);
    const data = await this.#substitute(pending);
    if (data === undefined || data.length > (step?.command?.le ?? 0)) return response;
    return joinMasked([data, ...sliceMasked(response, maskedLength(response) - 2)]);
  }

  /** A public file whose identifying parts are the equivalent's. */
  #withParts(step: Step & { readonly offset: number }, response: MaskedBytes): MaskedBytes {
    const { aid, ef, file } = step;
    const isPublic = file?.holds === 'public' && !step.secured && !step.chained;
    const content = isPublic && aid && ef !== undefined ? this.#equivalent.file(aid, ef) : undefined;
    if (content === undefined) return response;
    let at = step.offset;
    const pieces = response.map((piece) => {
      const part = content.subarray(at, at + piece.length);
      at += piece.length;
      return isPlain(piece) || part.length < piece.length ? piece : part;
    });
    return joinMasked(pieces);
  }

  /** What the equivalent would have answered to a command that is no READ BINARY. */
  async #substitute(pending: Pending | undefined): Promise<Uint8Array | undefined> {
    const { step, data } = pending ?? {};
    const { aid, ef } = step ?? {};
    if (step === undefined || aid === undefined || step.secured || step.chained) return undefined;
    if (step.kind === 'sign' && data !== undefined) {
      if (ef === undefined && !step.defaultKey) return undefined;
      return this.#equivalent.signature?.({ aid, ef, scheme: step.scheme, data });
    }
    if (step.kind === 'read-record' && ef !== undefined && !step.toTheLast)
      return this.#equivalent.record?.(aid, ef, step.record);
    return step.kind === 'get-data' ? this.#equivalent.dataObject?.(aid, step.tag) : undefined;
  }
}

/** The data of a command, with every byte. */
function dataOf(command: MaskedCommand, bytes: Uint8Array): Uint8Array {
  const start = dataStart(command);
  return new Uint8Array(bytes.subarray(start, start + maskedLength(command.data)));
}

/** Offset of the data field: after the header and Lc. */
function dataStart({ extended }: MaskedCommand): number {
  return extended ? 7 : 5;
}

/** The command with other data of the same length, where there is some. */
function withSignInput(
  command: MaskedBytes,
  step: Step | undefined,
  data: Uint8Array | undefined,
): MaskedBytes {
  if (data === undefined || step?.command === undefined) return command;
  const start = dataStart(step.command);
  const end = start + data.length;
  return joinMasked([
    ...sliceMasked(command, 0, start),
    data,
    ...sliceMasked(command, end, maskedLength(command)),
  ]);
}

/** Of a response, what a run of reads needs: how it ended, how much came, and the beginning. */
function answerOf(bytes: Uint8Array): Pick<HeldRead, 'sw' | 'length' | 'start'> {
  const length = Math.max(bytes.length - 2, 0);
  return {
    sw: statusWordOf([bytes]) ?? 0,
    length,
    start: new Uint8Array(bytes.subarray(0, Math.min(length, MAX_HEADER_LENGTH))),
  };
}
