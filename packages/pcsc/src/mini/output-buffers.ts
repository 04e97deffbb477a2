/**
 * Bytes of room for a response: the longest there is (64 KiB of data and the status word) with what pcsc-lite
 * reckons around it (`pcsclite.h`, MAX_BUFFER_SIZE_EXTENDED). The addon's own 264 would lose longer ones,
 * which after a VERIFY would cost the counter's news.
 */
export const RESPONSE_LENGTH = 65_548;

/** Bytes of room for an attribute: pcsc-lite refuses to be offered more (`pcsclite.h`, MAX_BUFFER_SIZE). */
const ATTRIBUTE_LENGTH = 264;

/** Where the answers of one connection are written to. */
export interface OutputBuffer {
  readonly response: ArrayBuffer;
  readonly attribute: ArrayBuffer;
}

/**
 * Output buffers to use again. The addon (0.1.3) never lets go of one that it was given once, so a new one for
 * each call, or even for each connection, would fill the memory. There are as many as cards connected at a time.
 */
export class OutputBuffers {
  readonly #free: OutputBuffer[] = [];

  take(): OutputBuffer {
    return (
      this.#free.pop() ?? {
        response: new ArrayBuffer(RESPONSE_LENGTH),
        attribute: new ArrayBuffer(ATTRIBUTE_LENGTH),
      }
    );
  }

  /** Gives one back that no running call writes to. */
  giveBack(buffer: OutputBuffer): void {
    this.#free.push(buffer);
  }
}
