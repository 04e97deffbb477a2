export { digestInfo, digestLength, digestOf, type HashName } from './digest-info.ts';
export {
  CertificateFormatError,
  CmsFormatError,
  CoreError,
  DerError,
  SignatureMismatchError,
} from './errors.ts';
export { verifyRsa, verifyRsaDigest } from './rsa.ts';
export type { Signer } from './signer.ts';
export { type SoftwareKey, softwareSigner } from './software-signer.ts';
export { Certificate, readCertificate } from './x509/certificate.ts';
export { type Extensions, KeyUsage } from './x509/extensions.ts';
export type { HolderAttributes } from './x509/holder-attributes.ts';
export { type NameAttribute, nameAttributes, nameText } from './x509/name.ts';
