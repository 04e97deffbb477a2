import { readTlvHeader, type TlvHeader } from '@jpki/iso7816';
import { type DataNode, leaf, MAX_DEPTH, MORE, malformed, NodeBudget } from './data-node.ts';
import type { MaskedContent } from './masked-content.ts';
import { hiddenText, valueText } from './value-text.ts';
import { byteCount, type Words, wording } from './wording.ts';

/** What tags are called in one kind of structure. */
export interface ObjectNames {
  /** Label of an object: `DF22 氏名`. */
  label(tag: number): Words;
  /** What its value means, or `undefined` for bytes that speak for themselves. Only asked where all bytes are known. */
  value?(tag: number, bytes: Uint8Array): Words | undefined;
  /** Whether its value is no data objects although its tag says so. */
  isPlain?(tag: number): boolean;
  /** Whose bytes are meant where some were not recorded: the file. */
  readonly hidden?: Words;
}

/** A stretch of content that holds data objects. */
interface Level {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/**
 * Opens BER-TLV data objects, DER among them, one after another. Never throws: what is no data object is said to be
 * malformed, what was not recorded is named, and the tree is bounded in depth and size.
 *
 * @param isWhole whether the content ends where the file does, and not where reading it stopped.
 */
export function openObjects(content: MaskedContent, names: ObjectNames, isWhole = true): readonly DataNode[] {
  return new ObjectOpener(content, names, isWhole).open({ start: 0, end: content.length, depth: 0 });
}

class ObjectOpener {
  readonly #content: MaskedContent;
  readonly #names: ObjectNames;
  readonly #isWhole: boolean;
  readonly #budget: NodeBudget = new NodeBudget();

  constructor(content: MaskedContent, names: ObjectNames, isWhole: boolean) {
    this.#content = content;
    this.#names = names;
    this.#isWhole = isWhole;
  }

  open({ start, end, depth }: Level): DataNode[] {
    if (depth === MAX_DEPTH) return [MORE];
    const nodes: DataNode[] = [];
    for (let at = start; at < end; ) {
      if (!this.#budget.take()) return [...nodes, MORE];
      const { node, next } = this.#step(at, end, depth);
      nodes.push(node);
      at = next;
    }
    return nodes;
  }

  /** The object, hidden range or filler at `at`. */
  #step(at: number, end: number, depth: number): { readonly node: DataNode; readonly next: number } {
    const hidden = this.#content.hiddenAt(at);
    if (hidden !== undefined) {
      const next = Math.min(hidden.end, end);
      return { node: { label: hiddenText(hidden.type, next - at, this.#names.hidden), children: [] }, next };
    }
    if (this.#isFiller(at, end)) {
      return { node: leaf({ ja: '余白', en: 'filler' }, byteCount(end - at)), next: end };
    }
    const header = this.#header(at, end);
    if ('label' in header) return { node: header, next: end };
    return { node: this.#object(header, depth, end), next: Math.min(header.end, end) };
  }

  #isFiller(at: number, end: number): boolean {
    const { bytes } = this.#content;
    const first = bytes[at];
    if ((first !== 0xff && first !== 0x00) || !this.#content.isClear(at, end)) return false;
    return bytes.subarray(at, end).every((byte) => byte === first);
  }

  /** Tag and length at `at`, or a node that says why there are none. */
  #header(at: number, end: number): TlvHeader | DataNode {
    const { bytes } = this.#content;
    try {
      const header = readTlvHeader(bytes.subarray(0, end), at);
      if (header === undefined)
        return this.#ended(at, end, malformed({ ja: '途中で終わる', en: 'ends too early' }));
      if (!this.#content.isClear(at, header.start))
        return leaf(
          { ja: '記録なしを含む', en: 'partly recorded' },
          valueText(this.#content, at, end, this.#names.hidden),
        );
      return header;
    } catch {
      return malformed(
        wording`${{ ja: 'データオブジェクトではない: ', en: 'no data object: ' }}${valueText(this.#content, at, end)}`,
      );
    }
  }

  #ended(at: number, end: number, otherwise: DataNode): DataNode {
    if (this.#isWhole || end !== this.#content.length) return otherwise;
    return leaf({ ja: '未読の続きあり', en: 'not read to its end' }, valueText(this.#content, at, end));
  }

  #object(header: TlvHeader, depth: number, end: number): DataNode {
    const { tag, start } = header;
    const label = this.#names.label(tag);
    if (header.end > end) return this.#beyond(header, label, depth, end);
    const isHidden = (this.#content.hiddenAt(start)?.end ?? start) >= header.end;
    if (this.#isConstructed(tag) && start < header.end && !isHidden)
      return { label, children: this.open({ start, end: header.end, depth: depth + 1 }) };
    const clear = this.#content.isClear(start, header.end);
    const meaning = clear
      ? this.#names.value?.(tag, this.#content.bytes.subarray(start, header.end))
      : undefined;
    return leaf(label, meaning ?? valueText(this.#content, start, header.end, this.#names.hidden));
  }

  #isConstructed(tag: number): boolean {
    return isConstructed(tag) && this.#names.isPlain?.(tag) !== true;
  }

  /** An object whose length reaches beyond what holds it, or beyond what was read. */
  #beyond({ tag, start, end: claimed }: TlvHeader, label: Words, depth: number, end: number): DataNode {
    const [have, due] = [end - start, byteCount(claimed - start)];
    if (this.#isWhole || end !== this.#content.length) {
      const reason = { ja: `${due.ja}とあるが${have}バイトしかない`, en: `says ${due.en}, has ${have}` };
      return { label, children: [malformed(reason)] };
    }
    const value = { ja: `${due.ja}のうち${have}バイトを読出し`, en: `${due.en}, ${have} of them read` };
    const children = this.#isConstructed(tag) ? this.open({ start, end, depth: depth + 1 }) : [];
    return { label, value, children };
  }
}

/** Whether the first byte of the tag says that the value is made of data objects (ISO/IEC 8825-1, 8.1.2.5). */
function isConstructed(tag: number): boolean {
  const first = tag > 0xffff ? tag >> 16 : tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0;
}
