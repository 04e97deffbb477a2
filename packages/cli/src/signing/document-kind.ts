import type { FileSource } from '../file-source.ts';

/** Signature formats of the contract, by the kind of document they are made for. */
export type SignatureFormat = 'cades' | 'pades' | 'xades' | 'asic' | 'raw';

/** What stands in a document that is signed inside, and nowhere else in one of its kind. */
const EMBEDDED: Readonly<Partial<Record<SignatureFormat, string>>> = {
  pades: '/ByteRange',
  xades: 'http://www.w3.org/2000/09/xmldsig#',
};

/** How much of a file is searched at once. */
const PIECE = 65_536;

/** The format of a signature inside a document; `undefined` when there seems to be none. */
export function embeddedFormat(source: FileSource): SignatureFormat | undefined {
  const format = defaultFormat(source);
  const mark = EMBEDDED[format];
  if (mark === undefined) return undefined;
  for (let at = 0; at < source.length; at += PIECE) {
    const piece = Buffer.from(source.read(at, PIECE + mark.length)).toString('latin1');
    if (piece.includes(mark)) return format;
  }
  return undefined;
}

/** How much of a file is looked at: the PDF header may follow up to 1,024 foreign bytes (ISO 32000-1, annex H). */
const HEAD = 1024;

/** The default format: PDF files are signed inside (pades), XML files too (xades), everything else beside (cades). */
export function defaultFormat(source: FileSource): SignatureFormat {
  const head = Buffer.from(source.read(0, HEAD)).toString('latin1');
  if (head.includes('%PDF-') || /\.pdf$/i.test(source.path)) return 'pades';
  // A byte order mark, in UTF-8, may stand before the declaration (XML 1.0, appendix F).
  if (/^(\xef\xbb\xbf)?\s*<\?xml\s/.test(head) || /\.xml$/i.test(source.path)) return 'xades';
  return 'cades';
}
