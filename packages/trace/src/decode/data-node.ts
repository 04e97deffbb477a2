import type { Words } from './wording.ts';

/** A part of a data structure, opened: a tree of bounded size. */
export interface DataNode {
  /** What it is: `issuer`, `DF22 氏名`. */
  readonly label: Words;
  /** What it holds, in one line; absent where the children say it. */
  readonly value?: Words;
  readonly children: readonly DataNode[];
  /** True where the bytes are not what they must be. */
  readonly malformed?: true;
}

/** A node without children. */
export function leaf(label: Words, value: Words): DataNode {
  return { label, value, children: [] };
}

/** Says that bytes are not what they must be. */
export function malformed(reason: Words): DataNode {
  return { label: { ja: '不正な形式', en: 'malformed' }, value: reason, children: [], malformed: true };
}

/** Most levels opened; the deepest structure of the card, a certificate's extensions, has seven. */
export const MAX_DEPTH = 8;

/** Most nodes made of one structure. */
export const MAX_NODES = 96;

/** Counts the nodes of one structure. */
export class NodeBudget {
  #left = MAX_NODES;

  /** Whether one more node may be made; the last one says that there would be more. */
  take(): boolean {
    return this.#left-- > 0;
  }
}

/** Stands for what is beyond {@link MAX_DEPTH} or {@link MAX_NODES}. */
export const MORE: DataNode = leaf('…', { ja: 'ここから先は開いていない', en: 'not opened any further' });
