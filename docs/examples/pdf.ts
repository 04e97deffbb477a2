/**
 * Signs a PDF with the virtual card in three steps that may happen at three places: prepare the file, have its
 * digest signed by the card, embed the signature. The update is incremental, so earlier signatures stay valid.
 *
 * A sketch of what the documents package will do properly; it takes plain, unencrypted files.
 */
import { createHash } from 'node:crypto';
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFString,
} from '@cantoo/pdf-lib';
import type { Signer } from '@jpki/core';
import {
  completeSignature,
  encodeSignedData,
  type PreparedSignature,
  prepareSignature,
  signedDataLength,
} from '@jpki/core/cms';

/** A PDF with a hole for the signature, and what the card has to sign. Can be stored until the card is at hand. */
export interface PreparedPdf {
  readonly bytes: Uint8Array;
  /** Where the hex digits of the signature go. */
  readonly hole: { readonly start: number; readonly length: number };
  readonly prepared: PreparedSignature;
}

type Certified = Pick<Signer, 'certificate' | 'chain' | 'signatureLength'>;

/** First step: everything but the signature value. Needs the certificate, not the card. */
export async function preparePdf(
  pdf: Uint8Array,
  signer: Certified,
  now: Date = new Date(),
): Promise<PreparedPdf> {
  const request = { certificate: signer.certificate, chain: signer.chain, signingTime: null };
  // The length of a signature does not depend on what is signed, so a dry run tells how large the hole must be.
  const dryRun = prepareSignature({ ...request, contentDigest: new Uint8Array(32) });
  const digits = 2 * signedDataLength([dryRun], signer.signatureLength);
  const bytes = await appendSignatureField(pdf, digits, now);
  const hole = findHole(bytes, digits);
  writeByteRange(bytes, hole);
  const contentDigest = createHash('sha256')
    .update(bytes.subarray(0, hole.start - 1))
    .update(bytes.subarray(hole.start + hole.length + 1))
    .digest();
  return { bytes, hole, prepared: prepareSignature({ ...request, contentDigest }) };
}

/** Last step: fills the hole. @throws {SignatureMismatchError} when the value is not the certificate's. */
export function embedSignature({ bytes, hole, prepared }: PreparedPdf, signature: Uint8Array): Uint8Array {
  const cms = encodeSignedData([completeSignature(prepared, signature)]);
  const digits = Buffer.from(cms).toString('hex').toUpperCase();
  if (digits.length !== hole.length) throw new RangeError('the signature does not fit the hole made for it');
  const signed = new Uint8Array(bytes);
  signed.set(Buffer.from(digits, 'latin1'), hole.start);
  return signed;
}

/** All three steps where card and file are at one place. */
export async function signPdf(pdf: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const file = await preparePdf(pdf, signer);
  return embedSignature(file, await signer.sign(file.prepared.hash, file.prepared.toBeSigned));
}

/** Appends an invisible signature field to the first page (ISO 32000-1, 12.7.4.5 and 12.8.1). */
async function appendSignatureField(pdf: Uint8Array, digits: number, now: Date): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false });
  const { context } = document;
  const page = document.getPage(0);
  const value = context.register(signatureDictionary(context, digits, now));
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      Rect: [0, 0, 0, 0],
      T: PDFString.of(`Signature-${now.getTime()}`),
      // Print and Locked.
      F: 132,
      V: value,
      P: page.ref,
    }),
  );
  page.node.addAnnot(field);
  const form = document.catalog.getOrCreateAcroForm();
  form.addField(field);
  // SignaturesExist and AppendOnly.
  form.dict.set(PDFName.of('SigFlags'), PDFNumber.of(3));
  return document.save({ useObjectStreams: false, updateFieldAppearances: false });
}

/** Stands for a byte offset until the real one is known; ten digits hold any file this example takes. */
const OFFSET_PLACEHOLDER = 9_999_999_999;

function signatureDictionary(context: PDFContext, digits: number, now: Date): PDFDict {
  const byteRange = PDFArray.withContext(context);
  for (const offset of [0, OFFSET_PLACEHOLDER, OFFSET_PLACEHOLDER, OFFSET_PLACEHOLDER])
    byteRange.push(PDFNumber.of(offset));
  const dictionary = PDFDict.withContext(context);
  dictionary.set(PDFName.of('Type'), PDFName.of('Sig'));
  dictionary.set(PDFName.of('Filter'), PDFName.of('Adobe.PPKLite'));
  // ETSI EN 319 142-1, 6.3: PAdES baseline signatures are CAdES inside.
  dictionary.set(PDFName.of('SubFilter'), PDFName.of('ETSI.CAdES.detached'));
  dictionary.set(PDFName.of('ByteRange'), byteRange);
  dictionary.set(PDFName.of('Contents'), PDFHexString.of('0'.repeat(digits)));
  dictionary.set(PDFName.of('M'), PDFString.fromDate(now));
  return dictionary;
}

/** The last `<000…>` of this length: the one just appended. */
function findHole(bytes: Uint8Array, length: number): PreparedPdf['hole'] {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(`<${'0'.repeat(length)}>`);
  if (at === -1) throw new Error('the signature field is not in the file');
  return { start: at + 1, length };
}

/** Writes the two ranges around the hole over the placeholders, keeping their width. */
function writeByteRange(bytes: Uint8Array, hole: PreparedPdf['hole']): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const afterHole = hole.start + hole.length + 1;
  let at = buffer.lastIndexOf('/ByteRange');
  for (const offset of [hole.start - 1, afterHole, bytes.length - afterHole]) {
    at = buffer.indexOf(String(OFFSET_PLACEHOLDER), at);
    if (at === -1) throw new Error('the byte range is not in the file');
    buffer.write(String(offset).padEnd(String(OFFSET_PLACEHOLDER).length), at, 'latin1');
  }
}
