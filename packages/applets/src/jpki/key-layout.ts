import type { PinLocation } from '../pin-gate.ts';
import { JPKI_AID, JpkiEf } from './layout.ts';

/** Where a key of the JPKI application and what belongs to it lie. */
export interface JpkiKeyLayout extends PinLocation {
  readonly reference: 'sign' | 'auth';
  readonly certificateEf: number;
  readonly caEf: number;
  readonly keyEf: number;
  /** Whether the certificate is behind the PIN on every token. */
  readonly certificateIsProtected: boolean;
}

/**
 * The 署名用 (document signature) key: its certificate is readable only after the password, which locks after five
 * wrong tries. Whether the certificate exists is asked first, so that nobody types a password for nothing.
 */
export const SIGN_KEY: JpkiKeyLayout = {
  reference: 'sign',
  aid: JPKI_AID,
  certificateEf: JpkiEf.SIGN_CERTIFICATE,
  caEf: JpkiEf.SIGN_CA,
  keyEf: JpkiEf.SIGN_KEY,
  pinEf: JpkiEf.SIGN_PIN,
  certificateIsProtected: true,
};

/**
 * The 利用者証明用 (user authentication) key: a PIN of four digits, locked after three wrong tries. Its certificate is
 * free on the plastic card; an Android phone wants the PIN for it.
 */
export const AUTH_KEY: JpkiKeyLayout = {
  reference: 'auth',
  aid: JPKI_AID,
  certificateEf: JpkiEf.AUTH_CERTIFICATE,
  caEf: JpkiEf.AUTH_CA,
  keyEf: JpkiEf.AUTH_KEY,
  pinEf: JpkiEf.AUTH_PIN,
  certificateIsProtected: false,
};
