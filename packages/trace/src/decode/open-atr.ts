import { toHex } from '@jpki/iso7816';
import { TraceLimit } from '../grammar.ts';
import { type DataNode, leaf, malformed } from './data-node.ts';
import { hexDigits } from './display-text.ts';
import { clearText } from './value-text.ts';
import type { Language, Wording, Words } from './wording.ts';

/** One group of interface bytes: TA, TB, TC of one number. */
interface Group {
  readonly number: number;
  /** Protocol the group belongs to; `undefined` for the first, which is for all. */
  readonly protocol: number | undefined;
  readonly bytes: readonly (readonly ['TA' | 'TB' | 'TC', number])[];
}

interface Layout {
  readonly groups: readonly Group[];
  readonly protocols: readonly number[];
  /** Offset of the first historical byte. */
  readonly at: number;
}

/** Opens an answer to reset (ISO/IEC 7816-3:2006, 8.2). Never throws. */
export function openAtr(atr: Uint8Array): DataNode {
  const shown = toHex(atr.subarray(0, TraceLimit.ATR));
  const value = spaced(atr.length > TraceLimit.ATR ? `${shown}…` : shown);
  return { label: 'ATR', value, children: partsOf(atr) };
}

function partsOf(atr: Uint8Array): readonly DataNode[] {
  const count = (atr[1] ?? 0) & 0x0f;
  const isAtr = (atr[0] === 0x3b || atr[0] === 0x3f) && atr.length >= 2 && atr.length <= TraceLimit.ATR;
  const layout = isAtr ? layoutOf(atr) : undefined;
  const historical = layout && atr.subarray(layout.at, layout.at + count);
  if (layout === undefined || historical?.length !== count)
    return [malformed({ ja: 'ATRではない', en: 'not an answer to reset' })];
  return [
    leaf({ ja: 'プロトコル', en: 'protocols' }, layout.protocols.map((number) => `T=${number}`).join(', ')),
    ...layout.groups.flatMap(openGroup),
    ...openHistorical(historical),
    ...checkOf(atr, layout, count),
  ];
}

function layoutOf(atr: Uint8Array): Layout | undefined {
  const groups: Group[] = [];
  const protocols = new Set<number>();
  let at = 2;
  let present = (atr[1] ?? 0) >> 4;
  let protocol: number | undefined;
  for (let number = 1; present !== 0; number++) {
    const bytes: ['TA' | 'TB' | 'TC', number][] = [];
    for (const [name, bit] of [
      ['TA', 1],
      ['TB', 2],
      ['TC', 4],
    ] as const) {
      if ((present & bit) !== 0) bytes.push([name, atr[at++] ?? 0]);
    }
    groups.push({ number, protocol, bytes });
    if ((present & 8) === 0) break;
    const next = atr[at++];
    if (next === undefined) return undefined;
    protocol = next & 0x0f;
    if (protocol !== 15) protocols.add(protocol);
    present = next >> 4;
  }
  return { groups, protocols: protocols.size === 0 ? [0] : [...protocols], at };
}

function openGroup({ number, protocol, bytes }: Group): readonly DataNode[] {
  return bytes.map(([name, byte]) => {
    const hex = hexDigits(byte, 2);
    return leaf(`${name}${number}`, meaningOf(name, number, protocol, byte, hex) ?? hex);
  });
}

/** What the interface bytes of T=1 and the global ones say, where it is of use (ISO/IEC 7816-3:2006, 8.3 and 11.4). */
function meaningOf(
  name: string,
  number: number,
  protocol: number | undefined,
  byte: number,
  hex: string,
): Words | undefined {
  if (number === 1 && name === 'TC')
    return { ja: `${hex}（追加ガードタイム）`, en: `${hex} (extra guard time)` };
  if (number === 1 && name === 'TA') return `${hex} (Fi/Di)`;
  if (number < 3 || protocol !== 1) return undefined;
  if (name === 'TA') return `${hex} (IFSC ${byte})`;
  return name === 'TB' ? `${hex} (BWI ${byte >> 4}, CWI ${byte & 0x0f})` : undefined;
}

const HISTORICAL: Words = { ja: '履歴バイト', en: 'historical bytes' };

function openHistorical(bytes: Uint8Array): readonly DataNode[] {
  if (bytes.length === 0) return [leaf(HISTORICAL, { ja: 'なし', en: 'none' })];
  const node = leaf(HISTORICAL, spaced(toHex(bytes)));
  // Compact-TLV begins with 80. The ATR that a reader makes up for a contactless card does not (PC/SC part 3).
  if (bytes[0] !== 0x80) return [node];
  return [{ ...node, children: compactObjects(bytes.subarray(1)) }];
}

/** Compact-TLV objects of historical bytes (ISO/IEC 7816-4:2020, 12.1.1). */
const COMPACT: ReadonlyMap<number, Words> = new Map<number, Words>([
  [1, { ja: '国コード', en: 'country' }],
  [2, { ja: '発行者番号', en: 'issuer' }],
  [3, { ja: 'カードサービスデータ', en: 'card service data' }],
  [4, { ja: '初期アクセスデータ', en: 'initial access data' }],
  [5, { ja: '発行者データ', en: "issuer's data" }],
  [6, { ja: '発行前データ', en: 'pre-issuing data' }],
  [7, { ja: 'カード能力', en: 'card capabilities' }],
  [8, { ja: 'ステータス', en: 'status' }],
  [15, 'AID'],
]);

function compactObjects(bytes: Uint8Array): readonly DataNode[] {
  const nodes: DataNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] ?? 0;
    const value = bytes.subarray(at + 1, at + 1 + (head & 0x0f));
    if (value.length !== (head & 0x0f)) return [...nodes, malformed(toHex(bytes.subarray(at)))];
    const label = COMPACT.get(head >> 4) ?? `[${head >> 4}]`;
    nodes.push(
      leaf(label, head >> 4 === 7 ? capabilities(value) : value.length > 0 ? toHex(value) : clearText(value)),
    );
    at += 1 + value.length;
  }
  return nodes;
}

/** Card capabilities that matter for sending commands: byte, bit, name (ISO/IEC 7816-4:2020, tables 117 to 119). */
const CAPABILITIES: readonly (readonly [number, number, Wording])[] = [
  [0, 0x04, { ja: '短縮EF識別子', en: 'short EF ids' }],
  [2, 0x80, { ja: 'コマンドチェーン', en: 'chaining' }],
  [2, 0x40, { ja: '拡張長', en: 'extended length' }],
];

function capabilities(value: Uint8Array): Words {
  const known = CAPABILITIES.filter(([index, bit]) => ((value[index] ?? 0) & bit) !== 0);
  if (known.length === 0) return toHex(value);
  const names = (language: Language) => known.map(([, , name]) => name[language]);
  return {
    ja: `${toHex(value)}（${names('ja').join('、')}）`,
    en: `${toHex(value)} (${names('en').join(', ')})`,
  };
}

function checkOf(atr: Uint8Array, { at, protocols }: Layout, count: number): readonly DataNode[] {
  if (!protocols.some((number) => number !== 0)) return [];
  const isRight = atr.length === at + count + 1 && atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) === 0;
  const label: Words = { ja: '検査バイト', en: 'check byte' };
  return [
    isRight
      ? leaf(label, { ja: '正しい', en: 'right' })
      : { ...leaf(label, { ja: '誤り', en: 'wrong' }), malformed: true },
  ];
}

function spaced(hex: string): string {
  return hex.replaceAll(/(..)(?=.)/g, '$1 ').replace(/ …$/, '…');
}
