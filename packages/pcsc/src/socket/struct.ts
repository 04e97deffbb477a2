import { endianness } from 'node:os';

/** pcscd and its clients share a machine, so numbers travel in its byte order (pcsc-lite, `winscard_msg.h`). */
export const LITTLE_ENDIAN: boolean = endianness() === 'LE';

/** A C structure of fixed size: where each field begins, in bytes. */
export interface Struct<Field extends string> {
  readonly size: number;
  readonly offsets: Readonly<Record<Field, number>>;
}

/** Lays fields out one after the other, as a C compiler does with fields of four bytes and padded arrays. */
export function struct<const Fields extends Readonly<Record<string, number>>>(
  fields: Fields,
): Struct<keyof Fields & string> {
  let size = 0;
  const offsets: Record<string, number> = {};
  for (const [name, length] of Object.entries(fields)) {
    offsets[name] = size;
    size += length;
  }
  return { size, offsets: offsets as Record<keyof Fields & string, number> };
}

/** A view on the very bytes, for numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The number at an offset, unsigned. */
export function readNumber(view: DataView, offset: number): number {
  return view.getUint32(offset, LITTLE_ENDIAN);
}

/** Writes a number of four bytes. */
export function writeNumber(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value, LITTLE_ENDIAN);
}
