import {
  type Availability,
  CommonApplication,
  JpkiApplication,
  PIN_POLICY,
  type PinReference,
  ResidentApplication,
  readCounters,
  renewableFrom,
  TextApplication,
  type Token,
  VisualApplication,
} from '@jpki/applets';
import { type Certificate, readCertificate } from '@jpki/core';
import { type Card, Sw } from '@jpki/iso7816';
import { codeOf } from './error-code.ts';

/** A PIN's counter; `triesLeft` is `null` where the card has no such PIN. */
export interface PinCounter {
  readonly triesLeft: number | null;
  readonly max: number;
}

/** The counters of all PINs. */
export type PinCounters = Readonly<Record<PinReference, PinCounter>>;

/** Names of the card's applications in the contract. */
export const APPLICATION_NAMES = ['jpki', 'text', 'visual', 'resident', 'common'] as const;

export type CardApplicationName = (typeof APPLICATION_NAMES)[number];

/** What can be known of a card without a PIN. */
export interface CardFacts {
  readonly token: Token;
  readonly applications: readonly CardApplicationName[];
  readonly availability: Availability;
  readonly pins: PinCounters;
  /** 有効期限 of the card, `YYYY-MM-DD`, as its record tells, which nothing signs. */
  readonly cardExpiry: string | undefined;
  /** The 利用者証明用 certificate; absent where the card has none or wants a PIN for it. */
  readonly authCertificate: Certificate | undefined;
}

/**
 * Reads everything that needs no PIN; spends no try.
 *
 * @throws {ApplicationNotFoundError} for a card that is not one of ours.
 */
export async function readCardFacts(card: Card, signal: AbortSignal): Promise<CardFacts> {
  const jpki = new JpkiApplication(card);
  const token = await jpki.token({ signal });
  const availability = await jpki.availability({ signal }).catch(absentAsNull);
  // A card that answers with its name and nothing else we know: an old 住基カード, an iPhone.
  if (availability === null) return factsOfNameOnly(token);
  const counters = await readTries(card, signal);
  return {
    token,
    applications: await readApplications(card, counters, signal),
    availability,
    pins: countersFrom(counters),
    cardExpiry: await readExpiry(card, signal),
    authCertificate: availability.auth ? await readAuthCertificate(jpki, signal) : undefined,
  };
}

function factsOfNameOnly(token: Token): CardFacts {
  const availability = { sign: false, auth: false };
  const nothing = { cardExpiry: undefined, authCertificate: undefined };
  return { token, applications: ['jpki'], availability, pins: countersFrom({}), ...nothing };
}

/** Tries left of the four PINs; a card without PINs (顔認証マイナンバーカード) has none to tell. */
export async function readPins(card: Card, signal: AbortSignal): Promise<PinCounters> {
  const jpki = new JpkiApplication(card);
  await jpki.token({ signal });
  const availability = await jpki.availability({ signal }).catch(absentAsNull);
  return countersFrom(availability === null ? {} : await readTries(card, signal));
}

/** Tries left as the card tells them; the 住民基本台帳用 PIN lies in two applications (card-protocol.md 6). */
type Tries = Readonly<Partial<Record<PinReference | 'common', number | undefined>>>;

function readTries(card: Card, signal: AbortSignal): Promise<Tries> {
  return readCounters(card, ['sign', 'auth', 'text', 'resident', 'common'], { signal });
}

function countersFrom({ sign, auth, text, resident, common }: Tries): PinCounters {
  const counter = (reference: PinReference, triesLeft: number | undefined): PinCounter => ({
    triesLeft: triesLeft ?? null,
    max: PIN_POLICY[reference].maxTries,
  });
  const homes = [resident, common].filter((tries) => tries !== undefined);
  return {
    sign: counter('sign', sign),
    auth: counter('auth', auth),
    text: counter('text', text),
    // Whoever is told more than the lower one would block the other.
    resident: counter('resident', homes.length === 0 ? undefined : Math.min(...homes)),
  };
}

/** Which applications there are; one whose counter was told is not asked again. */
async function readApplications(
  card: Card,
  { text, resident, common }: Tries,
  signal: AbortSignal,
): Promise<CardApplicationName[]> {
  const options = { signal };
  const there: Readonly<Record<CardApplicationName, boolean>> = {
    jpki: true,
    text: text !== undefined || (await answers(new TextApplication(card).basicInformation(options))),
    visual: await answers(new VisualApplication(card).basicInformation(options)),
    resident: resident !== undefined || (await answers(new ResidentApplication(card).triesLeft(options))),
    common: common !== undefined || (await answers(new CommonApplication(card).cardRecord(options))),
  };
  return APPLICATION_NAMES.filter((name) => there[name]);
}

/** What an application may answer that is there all the same: it lacks the file, or does not show it. */
const PRESENT: readonly unknown[] = ['ERR_CARD_STATUS_WORD', 'ERR_CARD_DATA_INVALID', 'ERR_PIN_REQUIRED'];

async function readExpiry(card: Card, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await new CommonApplication(card).cardRecord({ signal })).expiry;
  } catch (error) {
    if (PRESENT.includes(codeOf(error)) || codeOf(error) === 'ERR_APPLICATION_NOT_FOUND') return undefined;
    throw error;
  }
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  try {
    await question;
    return true;
  } catch (error) {
    if (PRESENT.includes(codeOf(error))) return true;
    if (codeOf(error) === 'ERR_APPLICATION_NOT_FOUND') return false;
    throw error;
  }
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
  const isAbsent = error instanceof Error && 'sw' in error && error.sw === Sw.FILE_NOT_FOUND;
  if (codeOf(error) === 'ERR_CARD_STATUS_WORD' && isAbsent) return null;
  throw error;
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

/** `card` of `jpki status`. Renewal of the card opens by the same rule as that of a certificate. */
export function cardValidityOf(expiry: string): { expiry: string; renewableFrom: string } {
  return { expiry, renewableFrom: renewableFrom(new Date(`${expiry}T23:59:59+09:00`)) };
}
