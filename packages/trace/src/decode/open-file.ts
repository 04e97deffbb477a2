import {
  AVAILABLE,
  type MappedApplication,
  type MappedDataObject,
  type MappedFile,
} from '@jpki/applets/card-map';
import { JPKI_AID, JpkiEf } from '@jpki/applets/jpki';
import { readTlvHeader, toHex } from '@jpki/iso7816';
import type { MaskedBytes } from '../model.ts';
import { type DataNode, leaf } from './data-node.ts';
import { MaskedContent } from './masked-content.ts';
import { cardNames, DER_NAMES } from './object-names.ts';
import { openCertificate, openCvCertificate } from './open-certificate.ts';
import { openObjects } from './open-objects.ts';
import { clearText, hiddenText, valueText } from './value-text.ts';
import type { Words } from './wording.ts';

/** Where content comes from, as far as it is known. */
export interface ContentPlace {
  readonly aid?: Uint8Array;
  readonly application?: MappedApplication;
  readonly ef?: number;
  readonly file?: MappedFile;
  readonly object?: MappedDataObject;
}

/**
 * Opens what a file or data object holds. Never throws, and the tree is bounded.
 *
 * @param isWhole whether the content ends where the file does, and not where reading it stopped.
 */
export function openFile(masked: MaskedBytes, place: ContentPlace, isWhole: boolean): readonly DataNode[] {
  const content = new MaskedContent(masked);
  if (content.length === 0) return [];
  const [first, ...others] = content.hidden;
  if (first !== undefined && others.length === 0 && first.start === 0 && first.end === content.length)
    return [{ label: hiddenText(first.type, first.end, nameOf(place)), children: [] }];
  return known(content, place) ?? objects(content, place, isWhole);
}

function nameOf({ file, object }: ContentPlace): Words | undefined {
  return file?.japaneseName ?? object?.japaneseName;
}

function known(content: MaskedContent, place: ContentPlace): readonly DataNode[] | undefined {
  if (isJpkiFile(place, JpkiEf.TOKEN)) return openToken(content);
  if (isJpkiFile(place, JpkiEf.AVAILABILITY)) return openAvailability(content);
  const object = firstObject(content);
  if (object === undefined) return undefined;
  const opened = openCertificate(object) ?? openCvCertificate(object);
  // GET DATA gives CV certificates without the object around them.
  return opened ?? (content.hidden.length === 0 ? openCvCertificate(content.bytes) : undefined);
}

/** The first data object of the content, if all of it is known; filler may follow it. */
function firstObject({ bytes, hidden }: MaskedContent): Uint8Array | undefined {
  try {
    const header = readTlvHeader(bytes);
    const isThere = header !== undefined && header.end <= bytes.length;
    return isThere && (hidden[0]?.start ?? header.end) >= header.end
      ? bytes.subarray(0, header.end)
      : undefined;
  } catch {
    return undefined;
  }
}

function isJpkiFile({ aid, ef }: ContentPlace, id: number): boolean {
  return ef === id && aid !== undefined && toHex(aid) === toHex(JPKI_AID);
}

/** Fields of EF 0006 by their ends: a PKCS#11 CK_TOKEN_INFO (card-protocol.md 2.1); the numbers after them are left out. */
const TOKEN_FIELDS: readonly (readonly [Words, number, number])[] = [
  [{ ja: 'ラベル', en: 'label' }, 0, 32],
  [{ ja: '製造者', en: 'manufacturer' }, 32, 64],
  [{ ja: '型番', en: 'model' }, 64, 80],
  [{ ja: '製造番号', en: 'serial number' }, 80, 96],
];

function openToken(content: MaskedContent): readonly DataNode[] {
  const fields = TOKEN_FIELDS.filter(([, start]) => start < content.length);
  return fields.map(([label, start, end]) =>
    leaf(label, fieldText(content, start, Math.min(end, content.length))),
  );
}

function fieldText(content: MaskedContent, start: number, end: number): Words {
  if (!content.isClear(start, end)) return valueText(content, start, end);
  // Padding is blanks on the card, zeros in some copies of it.
  let last = end;
  while (last > start && (content.bytes[last - 1] === 0x20 || content.bytes[last - 1] === 0)) last--;
  return clearText(content.bytes.subarray(start, last));
}

function openAvailability(content: MaskedContent): readonly DataNode[] | undefined {
  if (content.length < 2 || !content.isClear(0, content.length)) return undefined;
  const text = (byte: number | undefined): Words =>
    byte === AVAILABLE ? { ja: 'あり', en: 'exists' } : { ja: 'なし', en: 'does not exist' };
  return [
    leaf('署名用電子証明書', text(content.bytes[0])),
    leaf('利用者証明用電子証明書', text(content.bytes[1])),
  ];
}

/** First bytes of what is worth opening as data objects: DER, records of this card, CV certificates, templates. */
const TEMPLATES: readonly number[] = [0x30, 0x31, 0x4d, 0x5f, 0x62, 0x66, 0x6f, 0x73, 0x7f, 0xa1, 0xff];

function objects(content: MaskedContent, place: ContentPlace, isWhole: boolean): readonly DataNode[] {
  const first = content.bytes[0] ?? 0;
  const isTemplate = TEMPLATES.includes(first) && content.hiddenAt(0) === undefined && content.length > 1;
  const name = nameOf(place);
  if (isTemplate && !isBlank(content) && !isDigits(content)) {
    const names = first === 0x30 || first === 0x31 ? DER_NAMES : cardNames(place.aid);
    return openObjects(content, { ...names, ...(name !== undefined && { hidden: name }) }, isWhole);
  }
  return [leaf(name ?? { ja: 'データ', en: 'data' }, valueText(content, 0, content.length, name))];
}

/** Nothing but digits: a date, or the code of a municipality, which may begin like a SEQUENCE or a SET. */
function isDigits(content: MaskedContent): boolean {
  return content.hidden.length === 0 && content.bytes.every((byte) => byte >= 0x30 && byte <= 0x39);
}

/** Nothing but filler. */
function isBlank(content: MaskedContent): boolean {
  return content.hidden.length === 0 && content.bytes.every((byte) => byte === 0xff);
}
