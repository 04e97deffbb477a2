import { MalformedResponseError } from './errors.ts';
import type { StatusWord } from './status.ts';

/** A response APDU, decoded: data field and status word (ISO/IEC 7816-4:2020, 5.2). */
export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly sw: StatusWord;
}

/** Most bytes a response can have: an extended data field of 65,536 bytes and the status word. */
export const MAX_RESPONSE_LENGTH = 65_538;

/**
 * Decodes a response. `data` is a view on `bytes`, not a copy.
 *
 * @throws {MalformedResponseError} for fewer than two bytes or more than {@link MAX_RESPONSE_LENGTH}.
 */
export function decodeResponse(bytes: Uint8Array): ResponseApdu {
  const end = bytes.length - 2;
  const sw1 = bytes[end];
  const sw2 = bytes[end + 1];
  if (sw1 === undefined || sw2 === undefined || bytes.length > MAX_RESPONSE_LENGTH) {
    throw new MalformedResponseError(
      `the card answered with ${bytes.length} bytes; 2 to ${MAX_RESPONSE_LENGTH} are possible`,
    );
  }
  return { data: bytes.subarray(0, end), sw: (sw1 << 8) | sw2 };
}

/** Encodes a response, the card's side of {@link decodeResponse}. */
export function encodeResponse(sw: StatusWord, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(data.length + 2);
  bytes.set(data);
  bytes.set([sw >> 8, sw & 0xff], data.length);
  return bytes;
}
