import type { Holds, MappedPart } from '@jpki/applets/card-map';
import { readTlvHeader, Sw } from '@jpki/iso7816';
import { isPlain, joinMasked, maskedLength, plainBytes, sliceMasked, statusWordOf } from '../masked-bytes.ts';
import type { MaskedBytes, Placeholder, PlaceholderType } from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import type { Masker } from './redact-command.ts';

/** SW1 and SW2. */
const STATUS_LENGTH = 2;

/** The response of a person's card as it may be recorded: what is not known to be public is masked. */
export function redactResponse(bytes: MaskedBytes, step: Step | undefined, mask: Masker): MaskedBytes {
  const length = maskedLength(bytes);
  const end = endsInStatusWord(bytes) ? length - STATUS_LENGTH : length;
  const data = sliceMasked(bytes, 0, end);
  if (data.length === 0) return bytes;
  const { of, at } = asked(step);
  const known = isAnswer(statusWordOf(sliceMasked(bytes, end))) ? wanted(of, at) : 0;
  return joinMasked([...hiddenFrom(known, redactData(data, of, at, mask), mask), ...sliceMasked(bytes, end)]);
}

/** Masks what is readable from offset `known` on: beside an error, beyond Le or the file, nobody knows what bytes are. */
function hiddenFrom(known: number, bytes: MaskedBytes, mask: Masker): MaskedBytes {
  let at = 0;
  return bytes.flatMap((piece) => {
    const size = Math.min(Math.max(known - at, 0), piece.length);
    at += piece.length;
    if (!isPlain(piece) || size === piece.length) return [piece];
    return [piece.subarray(0, size), ...mask('data', [piece.subarray(size)])];
  });
}

/** 9000, 61xx, and 6282: the file ended before Le. */
function isAnswer(sw: number | undefined): boolean {
  return sw === Sw.OK || sw === Sw.END_OF_FILE || (sw !== undefined && sw >> 8 === 0x61);
}

/** How many more bytes the command may bring: up to Le, and to the end of a file whose length is known. */
function wanted(step: Step | undefined, at: number): number {
  const le = step?.command?.le ?? 0;
  const length = step?.file?.length;
  const left = step?.kind === 'read-binary' && length !== undefined ? length - step.offset : le;
  return Math.max(Math.min(le, left) - at, 0);
}

/** SW1 is 61 to 6F or 90 to 9F (ISO/IEC 7816-3:2006, 10.3.3). A truncated answer must not show its last bytes. */
export function endsInStatusWord(bytes: MaskedBytes): boolean {
  const length = maskedLength(bytes);
  if (length < STATUS_LENGTH) return false;
  const [sw1] = plainBytes(sliceMasked(bytes, length - STATUS_LENGTH)) ?? [];
  return sw1 !== undefined && ((sw1 > 0x60 && sw1 < 0x70) || sw1 >> 4 === 0x9);
}

/** The step whose data this is, and how many bytes of it came before. */
function asked(step: Step | undefined): { readonly of: Step | undefined; readonly at: number } {
  if (step?.kind !== 'get-response') return { of: step, at: 0 };
  return step.secured ? { of: step, at: 0 } : { of: step.of, at: step.at };
}

function redactData(data: MaskedBytes, step: Step | undefined, at: number, mask: Masker): MaskedBytes {
  if (step === undefined || step.secured || step.chained) return mask('data', data);
  switch (step.kind) {
    case 'read-binary':
      return redactFile(data, step, step.offset + at, mask);
    case 'read-record': {
      const type = placeholderFor(step.file?.holds);
      return at === 0 ? afterHeader(data, step, mask, type ?? 'data') : mask(type ?? 'data', data);
    }
    case 'get-data': {
      const type = placeholderFor(step.object?.holds);
      return type === undefined ? data : mask(type, data);
    }
    case 'sign':
    case 'internal-authenticate':
      return mask('signature', data);
    default:
      return mask('data', data);
  }
}

/** What stands for bytes that hold this; `undefined` where they may be seen. */
function placeholderFor(holds: Holds | undefined): PlaceholderType | undefined {
  switch (holds) {
    case 'public':
      return undefined;
    case 'certificate':
      return 'certificate';
    case 'personal':
    case 'identifying':
      return 'personal';
    default:
      return 'data';
  }
}

type ReadBinary = Extract<Step, { kind: 'read-binary' }>;

function redactFile(data: MaskedBytes, step: ReadBinary, offset: number, mask: Masker): MaskedBytes {
  const type = placeholderFor(step.file?.holds);
  if (type === undefined) return redactParts(data, step.file?.parts ?? [], offset, mask);
  return offset === 0 ? afterHeader(data, step, mask, type) : mask(type, data);
}

/** A public file, some parts of which are not. */
function redactParts(
  data: MaskedBytes,
  parts: readonly MappedPart[],
  offset: number,
  mask: Masker,
): MaskedBytes {
  const length = maskedLength(data);
  const pieces: (Uint8Array | Placeholder)[] = [];
  let at = 0;
  for (const part of parts) {
    const start = Math.min(Math.max(part.start - offset, at), length);
    const end = Math.min(Math.max(part.end - offset, start), length);
    const type = placeholderFor(part.holds);
    const hidden = sliceMasked(data, start, end);
    pieces.push(...sliceMasked(data, at, start));
    pieces.push(...(type === undefined || hidden.length === 0 ? hidden : mask(type, hidden)));
    at = end;
  }
  return joinMasked([...pieces, ...sliceMasked(data, at, length)]);
}

/**
 * Tags with which the files of this card begin (card-protocol.md 4, 5): records, CV certificates, keys. Only after one
 * of these is the start of a file taken for a tag and a length; 30 begins certificates, but is the digit 0 as well.
 */
const RECORD_TAGS: ReadonlySet<number> = new Set([0xff10, 0xff20, 0xff30, 0xff40, 0xff50, 0x7f21, 0xa1]);
const CERTIFICATE_TAGS: ReadonlySet<number> = new Set([0x30]);

/** Masks all but tag and length of the object at the start: they show a reader what it is, and say nothing of a person. */
function afterHeader(data: MaskedBytes, step: Step, mask: Masker, type: PlaceholderType): MaskedBytes {
  const size = step.file === undefined ? 0 : headerLength(data, step);
  const length = maskedLength(data);
  if (size >= length) return size === length && size > 0 ? data : mask(type, data);
  return joinMasked([...sliceMasked(data, 0, size), ...mask(type, sliceMasked(data, size, length))]);
}

/** Bytes of tag and length at the start of a file; 0 where there are none to be sure of. */
function headerLength(data: MaskedBytes, { kind, file }: Step): number {
  // The record of the card number is the only known one: simple-TLV, tag 01 (card-protocol.md 6).
  if (kind === 'read-record') return plainBytes(sliceMasked(data, 0, 2))?.[0] === 0x01 ? 2 : 0;
  const tags = file?.holds === 'certificate' ? CERTIFICATE_TAGS : RECORD_TAGS;
  const start = plainBytes(sliceMasked(data, 0, MAX_HEADER_LENGTH));
  try {
    const header = start && readTlvHeader(start);
    return header !== undefined && tags.has(header.tag) ? header.start : 0;
  } catch {
    return 0;
  }
}

/** Two bytes of tag, three of length: no file of the card is longer than that tells. */
export const MAX_HEADER_LENGTH = 5;
