import { PcscError } from '../errors.ts';

/**
 * The number that SCardControl takes for a function, which each system makes in its own way: Windows from device type and
 * function, pcsc-lite and macOS from a constant (pcsc-lite, `reader.h`, SCARD_CTL_CODE; `winsmcrd.h`).
 *
 * @param code number of the function: 3400 asks for the features of a reader.
 */
export function controlCode(code: number, platform: NodeJS.Platform = process.platform): number {
  return platform === 'win32' ? 0x31_0000 | (code << 2) : 0x4200_0000 + code;
}

/** Function of CM_IOCTL_GET_FEATURE_REQUEST (PC/SC part 10, 2.2). */
export const GET_FEATURE_REQUEST = 3400;

/** Names of the features, by their tags (PC/SC part 10, 2.3; pcsc-lite, `reader.h`). */
const FEATURES = {
  1: 'verify-pin-start',
  2: 'verify-pin-finish',
  3: 'modify-pin-start',
  4: 'modify-pin-finish',
  5: 'get-key-pressed',
  6: 'verify-pin-direct',
  7: 'modify-pin-direct',
  8: 'mct-reader-direct',
  9: 'mct-universal',
  10: 'ifd-pin-properties',
  11: 'abort',
  12: 'set-spe-message',
  13: 'verify-pin-direct-app-id',
  14: 'modify-pin-direct-app-id',
  15: 'write-display',
  16: 'get-key',
  17: 'ifd-display-properties',
  18: 'get-tlv-properties',
  19: 'ccid-esc-command',
  32: 'execute-pace',
} as const;

/** Something a reader can do beyond carrying APDUs, by the name PC/SC part 10 gives it. */
export type ReaderFeature = (typeof FEATURES)[keyof typeof FEATURES];

/** Features of a reader, each with the control code that uses it. */
export type ReaderFeatures = ReadonlyMap<ReaderFeature, number>;

/** Bytes of one entry: tag, length 4, control code (big endian, whatever the machine). */
const ENTRY_LENGTH = 6;

/** There are no more tags than a byte can count. */
const MAX_ENTRIES = 256;

/**
 * Reads the answer to CM_IOCTL_GET_FEATURE_REQUEST. Unknown features are passed over.
 *
 * @throws {PcscError} `ERR_PCSC_PROTOCOL` for bytes that are no such list.
 */
export function parseReaderFeatures(bytes: Uint8Array, readerName: string): ReaderFeatures {
  const entries = bytes.length / ENTRY_LENGTH;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!Number.isInteger(entries) || entries > MAX_ENTRIES) throw notAList(readerName);
  const features: Map<ReaderFeature, number> = new Map();
  for (let at = 0; at < bytes.length; at += ENTRY_LENGTH) {
    if (view.getUint8(at + 1) !== 4) throw notAList(readerName);
    const tag = view.getUint8(at);
    const name = isKnown(tag) ? FEATURES[tag] : undefined;
    if (name !== undefined) features.set(name, view.getUint32(at + 2));
  }
  return features;
}

function isKnown(tag: number): tag is keyof typeof FEATURES {
  return tag in FEATURES;
}

function notAList(readerName: string): PcscError {
  return new PcscError(`the reader's list of features is malformed (reader "${readerName}")`, {
    code: 'ERR_PCSC_PROTOCOL',
    readerName,
  });
}
