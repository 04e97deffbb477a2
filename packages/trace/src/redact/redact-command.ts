import { ComputeSignature } from '@jpki/applets/card-map';
import { digestInfo, digestLength, type HashName } from '@jpki/core';
import { Ins } from '@jpki/iso7816';
import { isPlain, joinMasked, maskedLength, plainBytes, sliceMasked } from '../masked-bytes.ts';
import type { Holder, MaskedBytes, PlaceholderType } from '../model.ts';
import { isPinCommand, mayPassOn } from '../steps/card-instructions.ts';
import type { Step } from '../steps/card-step.ts';
import { type MaskedCommand, readMaskedCommand } from '../steps/masked-command.ts';

/** Puts a placeholder with a mark where bytes were. */
export type Masker = (type: PlaceholderType, bytes: MaskedBytes) => MaskedBytes;

/** CLA, INS, P1 and P2. */
const HEADER_LENGTH = 4;

/** Longest DF name, and so the longest data of a SELECT in clear (ISO/IEC 7816-4:2020, 7.2.2). */
const MAX_NAME_LENGTH = 16;

/** A command with its PIN masked: what has to be done before anybody may look at it, whoever the holder is. */
export function withoutPin(bytes: MaskedBytes): MaskedBytes {
  const [ins] = plainBytes(sliceMasked(bytes, 1, 2)) ?? [];
  if (ins === undefined) return bytes;
  const [cla = 0] = plainBytes(sliceMasked(bytes, 0, 1)) ?? [];
  // Without a mark: a mark tells equal PINs, and with few digits that is telling.
  const isCarrier = (ins & 0xfe) === Ins.ENVELOPE || mayPassOn({ cla, ins }, maskedLength(bytes));
  const replace = isPinCommand({ ins }) ? noPin : isCarrier ? noCommand : undefined;
  if (replace === undefined) return bytes;
  return isWellFormed(bytes) ? withData(bytes, replace) : withRest(bytes, replace);
}

const noPin = (data: MaskedBytes): MaskedBytes => unmarked('pin', data);

/** An ENVELOPE carries another command, and so perhaps a PIN (ISO/IEC 7816-4:2020, 11.8.2). */
const noCommand = (data: MaskedBytes): MaskedBytes => unmarked('data', data);

/**
 * Whether the length fields can be believed. A command with a PIN asks for no answer: any Le but zero may be the last
 * digit of a PIN whose length was written wrong. So may one of a command that carries another.
 */
function isWellFormed(bytes: MaskedBytes): boolean {
  const command = readMaskedCommand(bytes);
  if (command?.le === undefined) return command !== undefined;
  return command.le === (command.extended ? 65_536 : 256);
}

/** The command as it may be recorded. `bytes` went through {@link withoutPin}; `step` is what they mean. */
export function redactCommand(bytes: MaskedBytes, step: Step, holder: Holder, mask: Masker): MaskedBytes {
  if (step.kind === 'set-session-key') return withData(bytes, (data) => unmarked('data', data));
  if (holder === 'invented') return bytes;
  const seen = harmlessLength(step);
  return withData(bytes, (data) => {
    const rest = sliceMasked(data, seen);
    return rest.some(isPlain) ? [...sliceMasked(data, 0, seen), ...mask('data', rest)] : data;
  });
}

/** What of the command's data may be seen: its first bytes, up to here. */
function harmlessLength({ kind, command, secured, chained }: Step): number {
  if (command === undefined || secured || chained) return 0;
  switch (kind) {
    case 'select-application':
    case 'select-file':
    case 'select-other':
      // Of a class that this card has no SELECT in, nobody knows what the data is.
      if ((command.cla & 0x80) !== 0) return 0;
      return maskedLength(command.data) <= MAX_NAME_LENGTH ? MAX_NAME_LENGTH : 0;
    case 'sign':
      return digestInfoPrefix(command)?.length ?? 0;
    default:
      return 0;
  }
}

const HASHES: readonly HashName[] = ['sha1', 'sha256', 'sha384', 'sha512'];

/** P1 of `80 2A` for which the data is a bare SHA-256 digest (card-protocol.md 3.6). */
const BARE_DIGEST: ReadonlySet<number> = new Set([0x02, 0x04]);

/** Whether the data to sign is a hash. Anything else might be the document itself. */
export function isDigest(command: MaskedCommand): boolean {
  const isBare = BARE_DIGEST.has(command.p1) && maskedLength(command.data) === digestLength('sha256');
  return isBare || digestInfoPrefix(command) !== undefined;
}

/**
 * The beginning of a DigestInfo, which names the hash; `undefined` where the data is none. The digest behind it is masked
 * like any data: one of a short text, of a number say, tells the text to whoever tries them all.
 */
function digestInfoPrefix({ p1, data }: MaskedCommand): Uint8Array | undefined {
  if (p1 !== ComputeSignature.P1_DIGEST_INFO) return undefined;
  return HASHES.map(prefixOf).find((prefix, index) => {
    const start = plainBytes(sliceMasked(data, 0, prefix.length));
    const length = prefix.length + digestLength(HASHES[index] ?? 'sha256');
    return maskedLength(data) === length && prefix.every((byte, at) => byte === start?.[at]);
  });
}

function prefixOf(hash: HashName): Uint8Array {
  const length = digestLength(hash);
  return digestInfo(hash, new Uint8Array(length)).subarray(0, -length);
}

/** All after P2 is data: the length fields cannot be read or believed. */
function withRest(bytes: MaskedBytes, replace: (data: MaskedBytes) => MaskedBytes): MaskedBytes {
  const rest = sliceMasked(bytes, HEADER_LENGTH);
  return rest.length === 0 ? bytes : joinMasked([...sliceMasked(bytes, 0, HEADER_LENGTH), ...replace(rest)]);
}

/** The command with other data of the same length. */
function withData(bytes: MaskedBytes, replace: (data: MaskedBytes) => MaskedBytes): MaskedBytes {
  const length = maskedLength(bytes);
  const command = readMaskedCommand(bytes);
  if (command === undefined) return withRest(bytes, replace);
  const end = length - leLength(command);
  const start = end - maskedLength(command.data);
  const data = sliceMasked(bytes, start, end);
  if (data.length === 0) return bytes;
  return joinMasked([...sliceMasked(bytes, 0, start), ...replace(data), ...sliceMasked(bytes, end, length)]);
}

/** Bytes of the Le field: after data one or two, alone one or three. */
function leLength({ le, extended, data }: MaskedCommand): number {
  if (le === undefined) return 0;
  if (!extended) return 1;
  return data.length === 0 ? 3 : 2;
}

function unmarked(type: PlaceholderType, bytes: MaskedBytes): MaskedBytes {
  return [{ type, length: maskedLength(bytes) }];
}
