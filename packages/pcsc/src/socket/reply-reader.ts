import { viewOf } from './struct.ts';

/** What an answer looks like: a fixed part that is known beforehand, and a tail whose length the fixed part tells. */
export interface ReplyForm<T> {
  /** Bytes of the fixed part. */
  readonly size: number;
  /** Bytes that follow the fixed part, within the caller's own bound. @throws to refuse what the service claims */
  readonly tail?: (head: DataView) => number;
  /** Makes the value. The bytes are valid during this call only. */
  readonly read: (reply: DataView, bytes: Uint8Array) => T;
}

/** An answer that is waited for. */
export interface AwaitedReply {
  readonly form: Pick<ReplyForm<unknown>, 'size' | 'tail'>;
  /** Takes the whole answer; the bytes are valid during this call only. */
  readonly deliver: (bytes: Uint8Array) => void;
}

const NOTHING: Uint8Array = new Uint8Array();

/**
 * Cuts the stream of the service into answers. There is no framing in it: only who asked knows how long an answer
 * is. So memory is bounded by what was asked for, and a byte that nobody asked for is an error.
 */
export class ReplyReader {
  readonly #next: () => AwaitedReply | undefined;
  /** The answer under way, and how much of it is there; used only when it comes in pieces. */
  #partial: Uint8Array = NOTHING;
  #filled = 0;

  /** @param next the answer that is due now; called again after each one that was delivered. */
  constructor(next: () => AwaitedReply | undefined) {
    this.#next = next;
  }

  /**
   * Takes bytes as they come, and delivers every answer that is complete with them.
   *
   * @throws {UnaskedBytesError} when nothing is due; what a form's `tail` throws.
   */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const due = this.#next();
      if (!due) throw new UnaskedBytesError();
      const taken = this.#take(rest, due);
      rest = taken === rest.length ? NOTHING : rest.subarray(taken);
    }
  }

  /** Takes what belongs to the due answer, and says how many bytes that were. */
  #take(chunk: Uint8Array, due: AwaitedReply): number {
    const whole = this.#filled === 0 ? wholeLength(chunk, due) : undefined;
    if (whole !== undefined && chunk.length >= whole) {
      due.deliver(chunk.length === whole ? chunk : chunk.subarray(0, whole));
      return whole;
    }
    return this.#collect(chunk, due);
  }

  #collect(chunk: Uint8Array, { form, deliver }: AwaitedReply): number {
    if (this.#filled === 0) this.#partial = new Uint8Array(form.size);
    const taken = Math.min(chunk.length, this.#partial.length - this.#filled);
    this.#partial.set(chunk.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled < this.#partial.length) return taken;
    const tail = this.#filled === form.size ? (form.tail?.(viewOf(this.#partial)) ?? 0) : 0;
    if (tail > 0) {
      const grown = new Uint8Array(form.size + tail);
      grown.set(this.#partial);
      this.#partial = grown;
      return taken;
    }
    const reply = this.#partial;
    this.#partial = NOTHING;
    this.#filled = 0;
    deliver(reply);
    return taken;
  }
}

/** Bytes of the whole answer that begins with the chunk; undefined while its fixed part is not there. */
function wholeLength(chunk: Uint8Array, { form }: AwaitedReply): number | undefined {
  if (chunk.length < form.size) return undefined;
  return form.size + (form.tail?.(viewOf(chunk)) ?? 0);
}

/** The service said something that nobody had asked for. */
export class UnaskedBytesError extends Error {
  constructor() {
    super('it sent something that it was not asked for');
  }
}
