export { type BuildOptions, buildSignedData } from './build.ts';
export {
  type ByteRange,
  type ByteSource,
  bytesSource,
  type ContentDigests,
  digestContent,
  digestContentSync,
} from './byte-source.ts';
export {
  encodeSignedData,
  encodeSignedDataAround,
  type SurroundingBytes,
  signedDataLength,
} from './encode.ts';
export {
  type CompletedSignature,
  completeSignature,
  type PreparedSignature,
  prepareSignature,
  type SignatureRequest,
  signContentDigest,
} from './prepare.ts';
export { contentHashes, readSignedData, type SignedData } from './signed-data.ts';
export type { SignedAttributes, SignerInfo } from './signer-info.ts';
export { VerificationCache } from './verification-cache.ts';
export {
  formatVerdict,
  type SignatureReport,
  type Verdict,
  type VerifyOptions,
  verifySignedData,
} from './verify.ts';
