import type { ReadStream } from 'node:tty';
import { InterruptedError, PinNeededError } from '../errors.ts';
import { Terminal } from '../terminal.ts';

/** More than any PIN has; what is typed beyond it is counted as too long, and not kept. */
const MAX_TYPED = 64;

const CTRL_C = 0x03;
const CTRL_D = 0x04;
const CTRL_H = 0x08;
const LINE_FEED = 0x0a;
const ENTER = 0x0d;
const CTRL_U = 0x15;
const DELETE = 0x7f;

/**
 * Asks on the terminal itself, whatever stdin and stdout are. Nothing typed is shown; backspace and Ctrl-U work;
 * Ctrl-C and Ctrl-D end the command. The answer is bytes and never becomes a string.
 *
 * @throws {PinNeededError} when there is no terminal; {@link InterruptedError}; `signal.reason`.
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<Uint8Array> {
  const terminal = Terminal.open();
  if (terminal === undefined) throw new PinNeededError();
  try {
    return await terminal.ask(question, (input) => readLine(input, signal));
  } finally {
    terminal.write('\n');
    terminal.close();
  }
}

function readLine(input: ReadStream, signal: AbortSignal): Promise<Uint8Array> {
  const line = new TypedLine();
  return new Promise<Uint8Array>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const onData = (chunk: Uint8Array) => {
      const end = line.type(chunk);
      chunk.fill(0);
      if (end === 'enter') resolve(line.take());
      if (end === 'cancel') reject(new InterruptedError());
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    input.on('data', onData);
    input.once('end', () => reject(new InterruptedError()));
    input.once('error', () => reject(new InterruptedError()));
    return undefined;
  }).finally(() => line.wipe());
}

/** The line as typed so far. Exported for its tests. */
export class TypedLine {
  readonly #bytes = Buffer.allocUnsafeSlow(MAX_TYPED);
  #length = 0;

  /** Takes keys in; says whether one of them ended the line. Keys after the end are dropped. */
  type(keys: Uint8Array): 'enter' | 'cancel' | undefined {
    for (const key of keys) {
      if (key === ENTER || key === LINE_FEED) return 'enter';
      if (key === CTRL_C || key === CTRL_D) return 'cancel';
      if (key === CTRL_U) this.#length = 0;
      else if (key === DELETE || key === CTRL_H) this.#backspace();
      else if (this.#length < MAX_TYPED) this.#bytes[this.#length++] = key;
    }
    return undefined;
  }

  /** The bytes, handed over; the line is empty afterwards. */
  take(): Uint8Array {
    const bytes = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
    this.wipe();
    return bytes;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }

  /** Removes a character: in UTF-8 its first byte and the continuation bytes (10xxxxxx) behind it. */
  #backspace(): void {
    while (this.#length > 0) {
      const removed = this.#bytes[--this.#length] ?? 0;
      if ((removed & 0xc0) !== 0x80) return;
    }
  }
}
