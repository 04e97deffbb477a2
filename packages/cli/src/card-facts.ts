import {
  type Availability,
  type JpkiApplication,
  PIN_POLICY,
  type PinReference,
  renewableFrom,
  type Token,
} from '@jpki/applets';
import { type Certificate, readCertificate } from '@jpki/core';
import { Sw } from '@jpki/iso7816';

/** A PIN's counter; `triesLeft` is `null` where the card has no such PIN, or this version does not read it. */
export interface PinCounter {
  readonly triesLeft: number | null;
  readonly max: number;
}

/** The counters of all PINs. */
export type PinCounters = Readonly<Record<PinReference, PinCounter>>;

/** What can be known of a card without a PIN. */
export interface CardFacts {
  readonly token: Token;
  readonly availability: Availability;
  readonly pins: PinCounters;
  /** The 利用者証明用 certificate; absent where the card has none or wants a PIN for it. */
  readonly authCertificate: Certificate | undefined;
}

/** Reads everything that needs no PIN; spends no try. */
export async function readCardFacts(application: JpkiApplication, signal: AbortSignal): Promise<CardFacts> {
  const token = await application.token({ signal });
  const availability = await application.availability({ signal }).catch(absentAsNull);
  if (availability === null) return factsOfNameOnly(token);
  const pins = await readPins(application, signal);
  const authCertificate = availability.auth ? await readAuthCertificate(application, signal) : undefined;
  return { token, availability, pins, authCertificate };
}

/** A card that answers with its name and nothing else we know: an old 住基カード, an iPhone. */
function factsOfNameOnly(token: Token): CardFacts {
  const availability = { sign: false, auth: false };
  return { token, availability, pins: countersFrom({}), authCertificate: undefined };
}

/** Tries left of the PINs. A card without PINs (顔認証マイナンバーカード) has none to tell. */
export async function readPins(application: JpkiApplication, signal: AbortSignal): Promise<PinCounters> {
  try {
    return countersFrom(await application.triesLeft({ signal }));
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const sign = await application.sign.triesLeft({ signal }).catch(absentAsNull);
  const auth = await application.auth.triesLeft({ signal }).catch(absentAsNull);
  return countersFrom({ sign, auth });
}

function countersFrom(tries: Readonly<Partial<Record<PinReference, number | null>>>): PinCounters {
  const counter = (reference: PinReference): PinCounter => ({
    triesLeft: tries[reference] ?? null,
    max: PIN_POLICY[reference].maxTries,
  });
  // The other two PINs live in applications that this version does not open.
  return {
    sign: counter('sign'),
    auth: counter('auth'),
    text: counter('text'),
    resident: counter('resident'),
  };
}

async function readAuthCertificate(
  application: JpkiApplication,
  signal: AbortSignal,
): Promise<Certificate | undefined> {
  try {
    return readCertificate(await application.auth.certificate({ signal }));
  } catch (error) {
    // Phones want the PIN for it; this command never does.
    if (codeOf(error) === 'ERR_PIN_REQUIRED' || codeOf(error) === 'ERR_CERTIFICATE_ABSENT') return undefined;
    throw error;
  }
}

function absentAsNull(error: unknown): null {
  if (isAbsent(error)) return null;
  throw error;
}

function isAbsent(error: unknown): boolean {
  return (
    codeOf(error) === 'ERR_CARD_STATUS_WORD' &&
    error instanceof Error &&
    'sw' in error &&
    error.sw === Sw.FILE_NOT_FOUND
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `authCertificate` of `jpki status`. `now` decides how many days are left. */
export function validityOf(
  certificate: Certificate,
  now: Date,
): { notBefore: string; notAfter: string; daysLeft: number; renewableFrom: string; serial: string } {
  const days = Math.floor((certificate.notAfter - now.getTime()) / 86_400_000);
  return {
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
    daysLeft: Math.max(0, days),
    renewableFrom: renewableFrom(new Date(certificate.notAfter)),
    serial: certificate.serialNumberText,
  };
}
