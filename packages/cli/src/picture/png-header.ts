import { CardDataInvalidError } from '@jpki/applets';

/** Size of a picture in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** First bytes of a PNG file, and the head of its first chunk, IHDR of 13 bytes (ISO/IEC 15948, 5.2, 11.2.2). */
const START = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** The text images of a card are at most 288 pixels wide (card-protocol.md 5). */
const MAX_SIDE = 2048;

/** Size of a PNG as its header tells. @throws {CardDataInvalidError} when it is none, or larger than a card's can be. */
export function pngSize(bytes: Uint8Array): PictureSize {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < 24 || !view.subarray(0, START.length).equals(START))
    throw new CardDataInvalidError('an image on the card is no PNG');
  const size = { width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
  if ([size.width, size.height].some((side) => side < 1 || side > MAX_SIDE))
    throw new CardDataInvalidError('an image on the card has an impossible size');
  return size;
}
