import { CardDataInvalidError } from '@jpki/applets';
import type { GreyImage } from './grey-image.ts';
import { type J2kDecoder, loadOpenJpeg, type OpenJpeg } from './openjpeg.ts';

/** Decodes JPEG 2000; made before a PIN is asked, so that a missing decoder costs nobody a try. */
export type Jpeg2000Decoder = (bytes: Uint8Array) => GreyImage;

/** @throws {CliError} ERR_PICTURE_DECODER_MISSING. */
export async function loadJpeg2000Decoder(): Promise<Jpeg2000Decoder> {
  const openJpeg = await loadOpenJpeg();
  return (bytes) => decode(openJpeg, bytes);
}

/** A photo has 378 x 472 pixels (card-protocol.md 5). A card must not make us fill the memory. */
const MAX_SIDE = 2048;

/** The largest file a card can hold: offsets in it have 15 bits (card-protocol.md 1.3). */
const MAX_BYTES = 0x8000;

/**
 * Decodes a JP2 file, or a bare codestream, with one component of 8 bits.
 *
 * @throws {CardDataInvalidError} for anything else, however it is broken.
 */
function decode({ J2KDecoder }: OpenJpeg, bytes: Uint8Array): GreyImage {
  assertSensible(bytes);
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return imageOf(decoder);
  } catch (error) {
    if (error instanceof CardDataInvalidError) throw error;
    // The wasm code gave up (it throws strings and its own classes).
    throw new CardDataInvalidError('the photo cannot be decoded', error);
  } finally {
    decoder.delete();
  }
}

function imageOf(decoder: J2kDecoder): GreyImage {
  const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
  if (width === 0 || height === 0) throw new CardDataInvalidError('the photo cannot be decoded');
  if (componentCount !== 1 || bitsPerSample !== 8 || isSigned)
    throw new CardDataInvalidError('the photo is not in 8-bit grey');
  const pixels = Uint8Array.from(decoder.getDecodedBuffer());
  if (pixels.length !== width * height) throw new CardDataInvalidError('the photo lacks pixels');
  return { width, height, pixels };
}

/**
 * Looks at size and tiling before the decoder does: it reserves memory for whatever the header says
 * (ISO/IEC 15444-1, A.5.1: SIZ follows SOC).
 */
function assertSensible(bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES) throw new CardDataInvalidError('the photo has too many bytes');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(codestreamStart(bytes));
  if (view.length < SIZ_END || view.readUInt32BE(0) !== SOC_SIZ) throw noJpeg2000();
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.readUInt32BE(at));
  const [tileWidth = 0, tileHeight = 0] = [24, 28].map((at) => view.readUInt32BE(at));
  const width = (right ?? 0) - (left ?? 0);
  const height = (bottom ?? 0) - (top ?? 0);
  const sides = [width, height];
  if (sides.some((side) => side < 1 || side > MAX_SIDE))
    throw new CardDataInvalidError(`the photo would have ${width} x ${height} pixels`);
  // The card has one tile; so must we, since each one costs the decoder kilobytes.
  if (tileWidth < (right ?? 0) || tileHeight < (bottom ?? 0))
    throw new CardDataInvalidError('the photo is cut into tiles');
}

/** Markers SOC and SIZ (ISO/IEC 15444-1, table A.2). */
const SOC_SIZ = 0xff4fff51;

/** Where the sizes of SIZ end, from SOC on. */
const SIZ_END = 40;

/** The box that holds the codestream (ISO/IEC 15444-1, I.5.4). */
const JP2C = 0x6a703263;

/** More boxes than any JP2 file of a card has. */
const MAX_BOXES = 16;

/** Position of the codestream: 0 for a bare one, else in the box `jp2c`. */
function codestreamStart(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length >= 4 && view.readUInt32BE(0) === SOC_SIZ) return 0;
  let at = 0;
  for (let box = 0; box < MAX_BOXES && at + 8 <= view.length; box++) {
    if (view.readUInt32BE(at + 4) === JP2C) return at + 8;
    const length = view.readUInt32BE(at);
    // 0 means "to the end" and 1 a length of 64 bits: neither stands before the codestream of a small file.
    if (length < 8) break;
    at += length;
  }
  throw noJpeg2000();
}

function noJpeg2000(): CardDataInvalidError {
  return new CardDataInvalidError('the photo is no JPEG 2000 file');
}
