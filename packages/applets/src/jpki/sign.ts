import type { JpkiKeyLayout } from './key-layout.ts';
import { JPKI_AID, JpkiEf } from './layout.ts';

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
