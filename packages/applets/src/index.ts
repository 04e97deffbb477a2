export { type CardCounters, type CounterName, readCounters } from './card-counters.ts';
export type { Sex } from './card-field.ts';
export { type CardOverview, readCardOverview } from './card-overview.ts';
export { CommonApplication } from './common/application.ts';
export type { CardNumber } from './common/card-number.ts';
export { ComputeSignature } from './compute-signature.ts';
export {
  type CvAnchor,
  type CvTrust,
  parseCvAnchors,
  productionCvAnchors,
  testCvAnchors,
} from './cv/anchor.ts';
export { CvAnchorFormatError } from './cv/anchor-facts.ts';
export { type CvCertificate, keyIdText, readCvCertificate } from './cv/certificate.ts';
export {
  ApplicationNotFoundError,
  CardDataInvalidError,
  CardSignatureInvalidError,
  CertificateAbsentError,
  CounterChangedError,
  ImplausibleCounterError,
  LastTryError,
  PinBlockedError,
  PinError,
  PinFormatError,
  PinIncorrectError,
  PinKnownWrongError,
  PinRefusedError,
  PinRequiredError,
  SecureMessagingError,
} from './errors.ts';
export type { CallOptions } from './hold.ts';
export {
  birthDigits,
  type EraYear,
  eraYearOf,
  type NumberBParts,
  numberBDigits,
} from './japanese-era.ts';
export { JpkiApplication, type JpkiTriesLeft } from './jpki/application.ts';
export type { Availability } from './jpki/availability.ts';
export type { CardScheme } from './jpki/card-scheme.ts';
export type { CardSigner } from './jpki/card-signer.ts';
export { JpkiKey, type PinOptions, type SignerOptions } from './jpki/key.ts';
export { JPKI_AID, JpkiEf } from './jpki/layout.ts';
export { renewableFrom } from './jpki/renewal.ts';
export type { CardKind, Token } from './jpki/token.ts';
export { CARD_MANAGER_AID } from './lock.ts';
export { CardManager, type ManagerCertificates } from './manager/card-manager.ts';
export { type ChangePinOptions, changePin, type NewPinSource } from './pin-change/change-pin.ts';
export { PinChangeRefusedError, PinChangeUnknownError, type PinWhereabouts } from './pin-change/errors.ts';
export { normalizeNewPin, normalizePin, PIN_POLICY, type PinPolicy } from './pin-policy.ts';
export type { PinPadSource, PinProvider, PinRequest, PinSource, UnlockOptions } from './pin-source.ts';
export {
  CardForgedError,
  type CvHierarchy,
  type Proof,
  type ProofFinding,
  type ProofFindingCode,
} from './proof.ts';
export type { RecordOptions } from './record-options.ts';
export { ResidentApplication } from './resident/application.ts';
export { SecretDigits } from './secret-digits.ts';
export type { CodeReference, PinReference, SecretReference } from './secret-reference.ts';
export {
  type AttributesOptions,
  type AttributesSecret,
  type ProvenAttributes,
  TextApplication,
} from './text/application.ts';
export type {
  MessagingPin,
  MyNumberOptions,
  MyNumberSecret,
  ProvenMyNumber,
} from './text/my-number.ts';
export type { Attributes, TextBasicInformation } from './text/records.ts';
export {
  type AgeOptions,
  type FaceOptions,
  type FaceSecret,
  type NumberImageOptions,
  type Proven,
  VisualApplication,
  type VisualTriesLeft,
} from './visual/application.ts';
export type { AgeRecord, Face, NumberImage, VisualBasicInformation } from './visual/records.ts';
