/** Most bytes of one frame: its length field has two (vsmartcard, virtualsmartcard/doc/api.txt). */
const MAX_FRAME_LENGTH = 0xffff;

/** A frame: its length in two bytes, big-endian, then its body. One buffer, so that it leaves in one write. */
export function encodeFrame(body: Uint8Array): Uint8Array {
  if (body.length > MAX_FRAME_LENGTH)
    throw new RangeError(`a vpcd frame has at most ${MAX_FRAME_LENGTH} bytes`);
  const frame = new Uint8Array(2 + body.length);
  frame.set([body.length >> 8, body.length & 0xff]);
  frame.set(body, 2);
  return frame;
}

/** Cuts a byte stream into frame bodies. Keeps at most one unfinished frame beside the chunk it was given. */
export class FrameReader {
  #pending: Uint8Array = new Uint8Array();

  /** The bodies that `chunk` completes; each a copy of its own. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = new Uint8Array();
    for (;;) {
      const [high, low] = bytes;
      const end = high === undefined || low === undefined ? undefined : 2 + ((high << 8) | low);
      if (end === undefined || bytes.length < end) break;
      yield bytes.slice(2, end);
      bytes = bytes.subarray(end);
    }
    this.#pending = bytes.slice();
  }
}
