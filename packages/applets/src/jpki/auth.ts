import type { JpkiKeyLayout } from './key-layout.ts';
import { JPKI_AID, JpkiEf } from './layout.ts';

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
