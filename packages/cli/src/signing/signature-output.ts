import { createHash } from 'node:crypto';
import { readCertificate, SignatureMismatchError, type Signer, verifyRsaDigest } from '@jpki/core';
import {
  type CompletedSignature,
  digestContent,
  encodeSignedData,
  encodeSignedDataAround,
  readSignedData,
  signContentDigest,
  verifySignedData,
} from '@jpki/core/cms';
import { FileError } from '../errors.ts';
import { FileSource } from '../file-source.ts';
import type { SigningJob } from './signing-job.ts';

/** Bytes copied at a time; the memory of an attached signature does not grow with the document. */
const PIECE = 1 << 20;

/** What the card made for one job, before it is written. */
export type MadeSignature =
  | { readonly form: 'raw'; readonly signature: Uint8Array }
  | { readonly form: 'detached' | 'attached'; readonly signature: CompletedSignature };

/** Has the card sign one document. Called while the card is held: nothing is read or written here. */
export async function makeSignature(
  { form, sha256 }: SigningJob,
  signer: Signer,
  signingTime: Date,
): Promise<MadeSignature> {
  if (form !== 'raw') {
    return { form, signature: await signContentDigest({ contentDigest: sha256, signingTime }, signer) };
  }
  const signature = await signer.sign('sha256', sha256);
  const { publicKey } = readCertificate(signer.certificate);
  if (!verifyRsaDigest(publicKey, 'sha256', sha256, signature)) throw new SignatureMismatchError();
  return { form, signature };
}

/**
 * Writes a signature, reads it back, and only then gives the file its name.
 *
 * @throws {FileError} ERR_FILE_CHANGED when the document is not the one that was hashed any more; ERR_FILE_WRITE;
 * {@link SignatureMismatchError} when what was written does not verify.
 */
export async function writeSignature(
  job: SigningJob,
  made: MadeSignature,
  signal: AbortSignal,
): Promise<void> {
  const { source, sha256, output } = job;
  if (made.form === 'attached') await writeAround(job, made.signature, signal);
  else {
    await source.assertUnchanged(sha256, signal);
    await output.write(made.form === 'raw' ? made.signature : encodeSignedData([made.signature]));
  }
  if (made.form !== 'raw') await assertVerifies(job, signal);
  await output.commit();
}

/** The attached form: the document is hashed again on its way, so that what is written is what was signed. */
async function writeAround(
  job: SigningJob,
  signature: CompletedSignature,
  signal: AbortSignal,
): Promise<void> {
  const { source, sha256, output } = job;
  const { head, tail } = encodeSignedDataAround([signature], source.length);
  const hash = createHash('sha256');
  await output.write(head);
  for (let offset = 0; offset < source.length; offset += PIECE) {
    signal.throwIfAborted();
    const piece = source.read(offset, PIECE);
    hash.update(piece);
    await output.write(piece);
  }
  source.assertUntouched();
  if (!hash.digest().equals(sha256)) throw new FileError('ERR_FILE_CHANGED', source.path);
  await output.write(tail);
}

/** Reads the finished file back from the disk and verifies it as a stranger would, but for trust. */
async function assertVerifies({ form, sha256, output }: SigningJob, signal: AbortSignal): Promise<void> {
  const written = FileSource.open(output.temporaryPath);
  try {
    const signedData = readSignedData(written);
    const digests =
      form === 'attached' && signedData.content
        ? await digestContent(written, ['sha256'], { ranges: signedData.content, signal })
        : new Map([['sha256', sha256] as const]);
    const content = form === 'attached' ? { attachedDigests: digests } : { content: digests };
    const verdict = verifySignedData(signedData, { ...content, trust: [], revocation: 'off' });
    if (verdict.status === 'invalid') throw new SignatureMismatchError();
  } finally {
    written[Symbol.dispose]();
  }
}
