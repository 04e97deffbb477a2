import { digestOf, type HashName } from '../digest-info.ts';
import type { Signer } from '../signer.ts';
import { encodeSignedData } from './encode.ts';
import { signContentDigest } from './prepare.ts';

/** How a document in memory is signed. */
export interface BuildOptions {
  /** Leave the document out of the message. */
  readonly detached?: boolean;
  /** SHA-256 unless said otherwise. */
  readonly hash?: Exclude<HashName, 'sha1'>;
  /** Claimed signing time; now unless said otherwise, `null` for none. */
  readonly signingTime?: Date | null;
}

/**
 * Signs a document in memory: CAdES baseline B, one signature per signer.
 *
 * @example
 * const p7m = await buildSignedData(report, [signer]);
 * @throws what a signer throws; {@link SignatureMismatchError} when it returns a wrong signature.
 */
export async function buildSignedData(
  content: Uint8Array,
  signers: readonly Signer[],
  { detached = false, hash = 'sha256', signingTime = new Date() }: BuildOptions = {},
): Promise<Uint8Array> {
  const contentDigest = digestOf(hash, content);
  const signatures = [];
  // One after another: two keys may live on one card.
  for (const signer of signers)
    signatures.push(await signContentDigest({ contentDigest, hash, signingTime }, signer));
  return encodeSignedData(signatures, detached ? undefined : content);
}
