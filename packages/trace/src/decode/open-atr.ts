import { decodeAtr, type InterfaceBytes, toHex } from '@jpki/iso7816';
import { TraceLimit } from '../text/grammar.ts';
import { type DataNode, leaf, malformed } from './data-node.ts';
import { hexDigits } from './display-text.ts';
import { clearText } from './value-text.ts';
import type { Language, Wording, Words } from './wording.ts';

/** Opens an answer to reset (ISO/IEC 7816-3:2006, 8.2). Never throws. */
export function openAtr(atr: Uint8Array): DataNode {
  const shown = toHex(atr.subarray(0, TraceLimit.ATR));
  const value = spaced(atr.length > TraceLimit.ATR ? `${shown}…` : shown);
  return { label: 'ATR', value, children: partsOf(atr) };
}

function partsOf(atr: Uint8Array): readonly DataNode[] {
  const decoded = decodeAtr(atr);
  if (decoded === undefined) return [malformed({ ja: 'ATRではない', en: 'not an answer to reset' })];
  const { protocols, groups, historical, checksum } = decoded;
  return [
    leaf({ ja: 'プロトコル', en: 'protocols' }, protocols.map((number) => `T=${number}`).join(', ')),
    ...groups.flatMap(openGroup),
    ...openHistorical(historical),
    ...(checksum === undefined ? [] : [openCheck(checksum)]),
  ];
}

function openGroup({ number, protocol, ta, tb, tc }: InterfaceBytes): readonly DataNode[] {
  return Object.entries({ TA: ta, TB: tb, TC: tc }).flatMap(([name, byte]) => {
    if (byte === undefined) return [];
    const hex = hexDigits(byte, 2);
    return [leaf(`${name}${number}`, meaningOf(name, number, protocol, byte, hex) ?? hex)];
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

function openCheck(isRight: boolean): DataNode {
  const label: Words = { ja: '検査バイト', en: 'check byte' };
  return isRight
    ? leaf(label, { ja: '正しい', en: 'right' })
    : { ...leaf(label, { ja: '誤り', en: 'wrong' }), malformed: true };
}

function spaced(hex: string): string {
  return hex.replaceAll(/(..)(?=.)/g, '$1 ').replace(/ …$/, '…');
}
