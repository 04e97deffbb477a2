/**
 * The JPKI application alone: what signing and login need, without the 券面 applications. A program that only signs
 * starts faster with `@jpki/applets/jpki`.
 */
export { normalizePin, PIN_POLICY, type PinPolicy } from '../pin-policy.ts';
export type { PinPadSource, PinProvider, PinRequest, PinSource, UnlockOptions } from '../pin-source.ts';
export type { PinReference, SecretReference } from '../secret-reference.ts';
export { JpkiApplication, type JpkiTriesLeft } from './application.ts';
export type { Availability } from './availability.ts';
export { JpkiKey, type PinOptions, type SignerOptions } from './key.ts';
export { JPKI_AID, JpkiEf } from './layout.ts';
export type { CardKind, Token } from './token.ts';
