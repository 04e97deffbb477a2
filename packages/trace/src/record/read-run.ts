import { encodeCommand, readTlvHeader, Sw, toHex } from '@jpki/iso7816';
import type { CommandEntry, MaskedBytes, ResponseEntry, TraceEntry } from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import type { Equivalent } from './equivalent.ts';
import { responseEntry } from './exchange-log.ts';

type ReadBinaryStep = Extract<Step, { kind: 'read-binary' }>;

/** A READ BINARY that was answered. */
export interface HeldRead {
  readonly step: ReadBinaryStep;
  /** As it would be written without an equivalent. */
  readonly command: MaskedBytes;
  readonly response: MaskedBytes;
  readonly milliseconds: number | undefined;
  readonly sw: number;
  /** Response data, bytes. */
  readonly length: number;
  /** The first bytes of the response data. */
  readonly start: Uint8Array;
}

/** Most reads held for one run: the bound of our own readers; more are written redacted. */
const MAX_READS = 512;

/** Largest offset of READ BINARY (ISO/IEC 7816-4:2020, 11.3.3). */
const MAX_OFFSET = 0x7fff;

/**
 * Reads of one file, one after another, and how the same reader would have read the equivalent's file: with the same
 * first command and the same piece size, to the end of the data object where it stopped there, or else to the end of the
 * file and with the answer that told it so.
 */
export class ReadRun {
  readonly #place: string;
  readonly #content: Uint8Array;
  readonly #reads: HeldRead[] = [];

  private constructor(place: string, content: Uint8Array) {
    this.#place = place;
    this.#content = content;
  }

  /** A run that begins with this step; `undefined` when nothing in it needs to be replaced, or nothing can be. */
  static of(step: Step, equivalent: Equivalent): ReadRun | undefined {
    const { kind, aid, ef, file } = step;
    if (kind !== 'read-binary' || step.secured || step.chained || step.le === undefined) return undefined;
    if (aid === undefined || ef === undefined || file === undefined) return undefined;
    if (file.holds === 'public') return undefined;
    const content = equivalent.file(aid, ef);
    return content && new ReadRun(`${toHex(aid)}/${ef}`, content);
  }

  isSame(other: ReadRun): boolean {
    return this.#place === other.#place;
  }

  /** Whether the run can take more. */
  add(read: HeldRead): boolean {
    this.#reads.push(read);
    return this.#reads.length < MAX_READS;
  }

  /** What the trace shows of the run. */
  entries(): TraceEntry[] {
    return passesOf(this.#reads).flatMap((pass) => this.#rewritten(pass) ?? pass.flatMap(asItWas));
  }

  /** One pass as it would have been over the equivalent; `undefined` when it is of a kind that is not understood. */
  #rewritten(pass: readonly HeldRead[]): TraceEntry[] | undefined {
    const [first] = pass;
    const last = pass.at(-1);
    if (first === undefined || last === undefined || !pass.every(isUnderstood)) return undefined;
    if (first.sw !== Sw.OK) return pass.flatMap(asItWas);
    const goal = goalOf(pass, this.#reads, this.#content);
    return new Rewriter(this.#content, pass, goal).entries();
  }
}

/** Whether the answer is one that reading ends or goes on with; GET RESPONSE in between is not. */
function isUnderstood({ sw, length, step }: HeldRead): boolean {
  if (length > (step.le ?? 0)) return false;
  return sw === Sw.OK || sw === Sw.END_OF_FILE || length === 0;
}

/** Reads that follow one another without a gap. */
function passesOf(reads: readonly HeldRead[]): HeldRead[][] {
  const passes: HeldRead[][] = [];
  let end: number | undefined;
  for (const read of reads) {
    const pass = passes.at(-1);
    if (pass === undefined || read.step.offset !== end) passes.push([read]);
    else pass.push(read);
    end = read.step.offset + read.length;
  }
  return passes;
}

function asItWas({ command, response, milliseconds }: HeldRead): [CommandEntry, ResponseEntry] {
  return [{ type: 'command', bytes: command }, responseEntry(response, milliseconds)];
}

/** Where a pass ends: at an offset, or when the card says that the file does. */
interface Goal {
  readonly end: number;
  /** Le of the last piece is what is left, and not the piece size. */
  readonly tight: boolean;
  /** Index of the command that asks for the rest at once: its Le was a length of the person's file. */
  readonly restAt?: number;
  /** Status word of the answer, without data, that ended the pass. */
  readonly ending?: number;
}

function goalOf(pass: readonly HeldRead[], all: readonly HeldRead[], content: Uint8Array): Goal {
  const last = pass.at(-1);
  const end = (last?.step.offset ?? 0) + (last?.length ?? 0);
  const isShort = (last?.length ?? 0) < (last?.step.le ?? 0);
  if (last !== undefined && last.length === 0) return { end: content.length, tight: false, ending: last.sw };
  const start = all.find(({ step, length }) => step.offset === 0 && length > 0)?.start;
  const object = start && objectEnd(start);
  const equivalentEnd = objectEnd(content);
  if (object === end && equivalentEnd !== undefined) {
    const restAt = isShort ? undefined : restOf(pass, all);
    return { end: equivalentEnd, tight: !isShort, ...(restAt !== undefined && { restAt }) };
  }
  if (isShort) return { end: content.length, tight: false };
  // A part of the file: as much of the equivalent's, though not what lies beyond its end.
  return { end: Math.min(end, content.length), tight: true };
}

/** Which command of a pass asked for all that was left, by a length that the beginning of the file had told. */
function restOf([first, second, ...more]: readonly HeldRead[], all: readonly HeldRead[]): number | undefined {
  if (more.length > 0) return undefined;
  if (second === undefined) return first === all[0] ? undefined : 0;
  return (second.step.le ?? 0) > (first?.step.le ?? 0) ? 1 : undefined;
}

/** Offset after the data object at the start of a file. */
function objectEnd(start: Uint8Array): number | undefined {
  try {
    return readTlvHeader(start)?.end;
  } catch {
    return undefined;
  }
}

/** Writes a pass over the equivalent. */
class Rewriter {
  readonly #content: Uint8Array;
  readonly #pass: readonly HeldRead[];
  readonly #goal: Goal;

  constructor(content: Uint8Array, pass: readonly HeldRead[], goal: Goal) {
    this.#content = content;
    this.#pass = pass;
    this.#goal = goal;
  }

  entries(): TraceEntry[] {
    const entries: TraceEntry[] = [];
    const { end, ending } = this.#goal;
    let at = this.#pass[0]?.step.offset ?? 0;
    for (let index = 0; at < end && at <= MAX_OFFSET; index++) {
      const le = this.#le(index, at);
      const data = this.#content.subarray(at, at + Math.min(le, this.#content.length - at));
      entries.push(...this.#exchange(index, at, le, data, Sw.OK));
      at += data.length;
      if (data.length === 0) break;
    }
    const index = this.#pass.length - 1;
    if (ending !== undefined && at <= MAX_OFFSET)
      entries.push(...this.#exchange(index, at, this.#le(index, at), new Uint8Array(), ending));
    return entries;
  }

  /** Le of the piece at `at`: the first one as it was, then the piece size, and at a tight end what is left. */
  #le(index: number, at: number): number {
    const [first, second] = this.#pass;
    const { tight, end, restAt } = this.#goal;
    const size = first?.step.le ?? 0;
    if (index === restAt) return end - at;
    if (index === 0) return size;
    // Of three reads or more, the second has the full size; of two, it may be the rest.
    const piece = this.#pass.length > 2 ? (second?.step.le ?? size) : size;
    return tight ? Math.min(piece, end - at) : piece;
  }

  #exchange(
    index: number,
    at: number,
    le: number,
    data: Uint8Array,
    sw: number,
  ): [CommandEntry, ResponseEntry] {
    const model = this.#pass[Math.min(index, this.#pass.length - 1)];
    const byShortId = index === 0 && model?.step.byShortId === true;
    const p1 = byShortId ? (model.step.command?.p1 ?? 0) : at >> 8;
    const header = {
      cla: model?.step.command?.cla ?? 0,
      ins: model?.step.command?.ins ?? 0,
      p1,
      p2: at & 0xff,
    };
    const extended = model?.step.command?.extended ?? false;
    const response = new Uint8Array([...data, sw >> 8, sw & 0xff]);
    return [
      { type: 'command', bytes: [encodeCommand({ ...header, le, extended })] },
      responseEntry([response], model?.milliseconds),
    ];
  }
}
