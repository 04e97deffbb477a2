export { digestInfo, digestLength, digestOf, type HashName } from './digest-info.ts';
export {
  CertificateFormatError,
  CmsFormatError,
  CoreError,
  DerError,
  SignatureMismatchError,
} from './errors.ts';
export type { Signer } from './signer.ts';
