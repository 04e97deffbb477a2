import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CliError } from '../errors.ts';

/** What the wasm build of OpenJPEG gives, as far as it is used here (1.3.6; it has no types of its own). */
export interface OpenJpeg {
  readonly J2KDecoder: new () => J2kDecoder;
}

/** One decoding. Its memory lies in the wasm heap and is given back by `delete` alone. */
export interface J2kDecoder {
  /** Room for the encoded bytes, inside the wasm heap. */
  getEncodedBuffer(length: number): Uint8Array;
  /** Does not throw on bad input; the frame has no width then. */
  decode(): void;
  getFrameInfo(): FrameInfo;
  /** A view into the wasm heap: to be copied before anything else happens. */
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
}

type Factory = (options: object) => Promise<OpenJpeg>;

/** Where the two halves of the decoder come from; tests bring their own. */
export interface DecoderFiles {
  readonly factory: () => unknown;
  readonly wasm: () => Uint8Array;
}

const installed: DecoderFiles = {
  factory: () => createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  wasm: () => {
    const { resolve } = createRequire(import.meta.url);
    return readFileSync(resolve('@cornerstonejs/codec-openjpeg/decodewasm'));
  },
};

/**
 * Loads the decoder for JPEG 2000, an optional dependency.
 *
 * @throws {CliError} ERR_PICTURE_DECODER_MISSING when it is not there or does not run here.
 */
export async function loadOpenJpeg(files: DecoderFiles = installed): Promise<OpenJpeg> {
  try {
    const factory = files.factory();
    if (typeof factory !== 'function') throw new TypeError('it is not the decoder that was expected');
    // It would print what it does to stdout, which carries data.
    const quiet = () => undefined;
    return await (factory as Factory)({ wasmBinary: files.wasm(), print: quiet, printErr: quiet });
  } catch (cause) {
    throw new CliError('ERR_PICTURE_DECODER_MISSING', 'install-driver', {}, cause);
  }
}
