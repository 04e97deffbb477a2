export { CARD_MANAGER_AID } from './card-manager.ts';
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
} from './errors.ts';
export { JpkiApplication, type JpkiTriesLeft } from './jpki/application.ts';
export type { Availability } from './jpki/availability.ts';
export type { CallOptions } from './jpki/hold.ts';
export {
  JpkiKey,
  type PinOptions,
  type PinProvider,
  type PinRequest,
  type SignerOptions,
} from './jpki/key.ts';
export { ComputeSignature, JPKI_AID, JpkiEf } from './jpki/layout.ts';
export { renewableFrom } from './jpki/renewal.ts';
export type { CardKind, Token } from './jpki/token.ts';
export { normalizePin, PIN_POLICY, type PinPolicy, type PinReference } from './pin-policy.ts';
