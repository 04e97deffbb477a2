import type { FileSource } from '../file-source.ts';

/** Signature formats of the contract, by the kind of document they are made for. */
export type SignatureFormat = 'cades' | 'pades' | 'xades' | 'asic' | 'raw';

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
