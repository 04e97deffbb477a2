import { encodeResponse, fromHex, type StatusWord } from '@jpki/iso7816';

/**
 * Something that goes wrong at a command. Several may meet in one: they happen in the order of the script.
 *
 * `executed` says whether the card runs the command at all. By default it does for `delay`, `data` and `bit-flip`, and
 * does not for the others: there `executed: true` means that it ran and its answer is lost or replaced.
 */
export type Fault = {
  readonly at: FaultMoment;
  readonly executed?: boolean;
} & (
  | { readonly kind: 'remove' }
  | { readonly kind: 'reset' }
  /** The answer ends after `length` bytes, status word included. */
  | { readonly kind: 'truncate'; readonly length: number }
  /** A status word, without data. */
  | { readonly kind: 'status-word'; readonly sw: StatusWord }
  /** Other data before the status word of the answer. */
  | { readonly kind: 'data'; readonly data: Uint8Array }
  /** One bit of the answer, from 0, the most significant one of its first byte; below 0 from the end. */
  | { readonly kind: 'bit-flip'; readonly bit: number }
  /** The answer comes later; `milliseconds` by the timers of the process. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
);

/** When a fault happens: at a command counted from 1 since the card was opened, or at commands of a kind. */
export type FaultMoment = number | CommandMatch;

/** Commands that begin with certain bytes. */
export interface CommandMatch {
  /** First bytes, hex: `00B0` is every READ BINARY, `00B08A` those of short EF identifier 0A. */
  readonly command: string;
  /** Which of them, from 1 (the default), or every one. */
  readonly nth?: number | 'every';
}

/** The faults of one run. */
export type FaultScript = readonly Fault[];

/** What a fault may do to an answer that gets through; the others end the exchange. */
export type AnswerFault = Exclude<Fault, { readonly kind: 'remove' | 'reset' | 'delay' }>;

/** Finds the faults of each command in turn. */
export class FaultWatch {
  readonly #script: readonly { readonly fault: Fault; readonly start: Uint8Array | undefined }[];
  readonly #matches: number[];

  /** @throws {RangeError} when the bytes of a {@link CommandMatch} are no hexadecimal digits. */
  constructor(script: FaultScript) {
    this.#script = script.map((fault) => ({
      fault,
      start: typeof fault.at === 'number' ? undefined : fromHex(fault.at.command),
    }));
    this.#matches = script.map(() => 0);
  }

  /** The faults that happen at this command, the `count`-th since the card was opened. */
  faultsAt(count: number, command: Uint8Array): readonly Fault[] {
    return this.#script
      .filter(({ fault, start }, index) => {
        if (typeof fault.at === 'number') return fault.at === count;
        if (start === undefined || !start.every((byte, at) => byte === command[at])) return false;
        const seen = (this.#matches[index] ?? 0) + 1;
        this.#matches[index] = seen;
        const { nth = 1 } = fault.at;
        return nth === 'every' || nth === seen;
      })
      .map(({ fault }) => fault);
  }
}

/** Whether the card runs a command that meets this fault. */
export function letsRun({ executed, kind }: Fault): boolean {
  return executed ?? (kind === 'delay' || kind === 'data' || kind === 'bit-flip');
}

/** The answer as the fault leaves it. @throws {RangeError} for a bit that the answer has not. */
export function spoiledAnswer(fault: AnswerFault, answer: Uint8Array): Uint8Array {
  switch (fault.kind) {
    case 'truncate':
      return answer.subarray(0, fault.length);
    case 'status-word':
      return encodeResponse(fault.sw);
    case 'data':
      return Buffer.concat([fault.data, answer.subarray(-2)]);
    case 'bit-flip':
      return withBitFlipped(answer, fault.bit);
  }
}

function withBitFlipped(answer: Uint8Array, bit: number): Uint8Array {
  const position = bit < 0 ? 8 * answer.length + bit : bit;
  const byte = answer[Math.floor(position / 8)];
  if (byte === undefined) throw new RangeError(`the answer has no bit ${bit} to flip`);
  const flipped = Uint8Array.from(answer);
  flipped[Math.floor(position / 8)] = byte ^ (0x80 >> (position % 8));
  return flipped;
}
