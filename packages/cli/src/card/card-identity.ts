import { createHash } from 'node:crypto';
import type { JpkiApplication } from '@jpki/applets/jpki';
import { codeOf } from '../error-code.ts';

/** Fewest digits by which a card may be named. */
export const MIN_IDENTITY_DIGITS = 8;

/** SHA-256 of the DER of a card's 利用者証明用電子証明書, lower-case hexadecimal: what tells this card from all others. */
export function identityOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex');
}

/**
 * The identity of a card. Asks no PIN.
 *
 * @returns `undefined` where the card has no such certificate, or wants a PIN for it, as phones do.
 */
export async function cardIdentity(
  application: JpkiApplication,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return identityOf(await application.auth.certificate({ signal }));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_PIN_REQUIRED' || code === 'ERR_CERTIFICATE_ABSENT') return undefined;
    throw error;
  }
}
