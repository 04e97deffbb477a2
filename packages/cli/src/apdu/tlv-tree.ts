import { readTlv, type Tlv, toHex } from '@jpki/iso7816';

/** A data object, opened. */
export interface TlvNode {
  /** Upper-case hexadecimal. */
  readonly tag: string;
  /** Bytes of the value. */
  readonly length: number;
  /** The value of a primitive object, upper-case hexadecimal. */
  readonly value?: string;
  /** What is in a constructed one. */
  readonly children?: readonly TlvNode[];
}

/** How deep templates are opened, and how many objects in all; beyond it bytes stay bytes. */
const MAX_DEPTH = 16;
const MAX_OBJECTS = 2_000;

/** Bytes that fill the end of a file. */
const FILLER: ReadonlySet<number> = new Set([0x00, 0xff]);

/** Opens response data. @returns `undefined` for data that are no data objects from beginning to end, filler aside. */
export function openTlv(data: Uint8Array): readonly TlvNode[] | undefined {
  if (data.length < 2 || FILLER.has(data[0] ?? 0)) return undefined;
  return nodesIn(data, 0, { left: MAX_OBJECTS });
}

function nodesIn(bytes: Uint8Array, depth: number, budget: { left: number }): TlvNode[] | undefined {
  const nodes: TlvNode[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (depth === 0 && bytes.subarray(offset).every((byte) => FILLER.has(byte))) return nodes;
    const object = objectAt(bytes, offset);
    if (object === undefined || budget.left-- <= 0) return undefined;
    nodes.push(nodeOf(object, depth, budget));
    offset += object.encoded.length;
  }
  return nodes;
}

function objectAt(bytes: Uint8Array, offset: number): Tlv | undefined {
  if (FILLER.has(bytes[offset] ?? 0)) return undefined;
  try {
    return readTlv(bytes, offset);
  } catch {
    return undefined;
  }
}

function nodeOf({ tag, value, encoded }: Tlv, depth: number, budget: { left: number }): TlvNode {
  const digits = tag.toString(16).toUpperCase();
  const node = { tag: digits.padStart(digits.length + (digits.length % 2), '0'), length: value.length };
  const isConstructed = ((encoded[0] ?? 0) & 0x20) !== 0;
  const children = isConstructed && depth < MAX_DEPTH ? nodesIn(value, depth + 1, budget) : undefined;
  return children === undefined ? { ...node, value: toHex(value) } : { ...node, children };
}

/** Most digits of a value in a line; the bytes stand whole above the tree. */
const MAX_DIGITS = 64;

/** The tree as lines, two blanks deeper for each level. */
export function tlvLines(nodes: readonly TlvNode[], indent = '    '): string[] {
  return nodes.flatMap(({ tag, length, value, children }) => {
    const head = `${indent}${tag} (${length})`;
    if (children !== undefined) return [head, ...tlvLines(children, `${indent}  `)];
    const shown = value ?? '';
    return [`${head} ${shown.length > MAX_DIGITS ? `${shown.slice(0, MAX_DIGITS)}…` : shown}`.trimEnd()];
  });
}
