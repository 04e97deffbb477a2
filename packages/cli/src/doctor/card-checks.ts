import { ApplicationNotFoundError, JpkiApplication, type PinReference } from '@jpki/applets';
import { type Certificate, readCertificate } from '@jpki/core';
import { checkPath, type Trust } from '@jpki/core/trust';
import { Card, type CardChannel } from '@jpki/iso7816';
import {
  APPLICATION_NAMES,
  type CardFacts,
  cardValidityOf,
  type PinCounters,
  readCardFacts,
  validityOf,
} from '../card-facts.ts';
import { japaneseDate } from '../certificate-forms.ts';
import { type DoctorFinding, doctorFinding } from './finding.ts';

/** What a card is judged by. */
export interface CardStandards {
  /** Asked for after the certificate was read: virtual cards make their CA then. */
  readonly trust: () => Promise<Trust>;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Looks at a card. Asks no PIN and spends no try. @throws what the card or the link throws. */
export async function checkCard(
  channel: CardChannel,
  reader: string,
  standards: CardStandards,
): Promise<DoctorFinding[]> {
  // Not closed here: that would close the channel.
  const card = new Card(channel);
  const { signal, now } = standards;
  let facts: CardFacts;
  try {
    facts = await readCardFacts(card, signal);
  } catch (error) {
    // The contact is not bad: the card answers, but not as every Individual Number Card does.
    if (error instanceof ApplicationNotFoundError) return [doctorFinding('CARD_OTHER', { subject: reader })];
    throw error;
  }
  const { kind } = facts.token;
  if (kind === 'juki-card') return [doctorFinding('CARD_JUKI', { subject: reader })];
  return [
    doctorFinding('CARD', { subject: reader, name: kind }),
    ...cardValidity(facts, now),
    ...(kind === 'individual-number-card' ? applications(facts) : []),
    ...certificates(facts, now),
    ...(await generation(card, facts, standards)),
    ...Object.entries(facts.pins).flatMap(pinFinding(facts.pins)),
  ];
}

function cardValidity({ cardExpiry }: CardFacts, now: Date): DoctorFinding[] {
  if (cardExpiry === undefined) return [];
  const { expiry, renewableFrom } = cardValidityOf(cardExpiry);
  return [doctorFinding(codeByDates('CARD', expiry, renewableFrom, now), { subject: expiry })];
}

const BY_DATES = {
  CARD: ['CARD_VALID', 'CARD_RENEWABLE', 'CARD_EXPIRED'],
  AUTH: ['AUTH_CERTIFICATE', 'AUTH_CERTIFICATE_RENEWABLE', 'AUTH_CERTIFICATE_EXPIRED'],
} as const;

/** Valid, to be renewed, or over. Days are those of Japan. */
function codeByDates(what: keyof typeof BY_DATES, lastDay: string, renewableFrom: string, now: Date) {
  const today = japaneseDate(now.getTime());
  const [valid, renewable, expired] = BY_DATES[what];
  if (today > lastDay) return expired;
  return today >= renewableFrom ? renewable : valid;
}

function applications({ applications: there }: CardFacts): DoctorFinding[] {
  const missing = APPLICATION_NAMES.filter((name) => !there.includes(name));
  if (missing.length === 0) return [doctorFinding('APPLICATIONS')];
  return missing.map((name) => doctorFinding('APPLICATION_MISSING', { name }));
}

function certificates({ availability, authCertificate }: CardFacts, now: Date): DoctorFinding[] {
  const sign = doctorFinding(availability.sign ? 'SIGN_CERTIFICATE' : 'SIGN_CERTIFICATE_ABSENT');
  if (!availability.auth) return [doctorFinding('AUTH_CERTIFICATE_ABSENT'), sign];
  if (authCertificate === undefined) return [doctorFinding('AUTH_CERTIFICATE_HIDDEN'), sign];
  const { renewableFrom } = validityOf(authCertificate, now);
  const lastDay = japaneseDate(authCertificate.notAfter);
  return [
    doctorFinding(codeByDates('AUTH', lastDay, renewableFrom, now), {
      subject: lastDay,
      detail: renewableFrom,
    }),
    sign,
  ];
}

/** Which CA issued the card, by its signature: the generations share one name. */
async function generation(
  card: Card,
  { authCertificate }: CardFacts,
  { trust, now, signal }: CardStandards,
): Promise<DoctorFinding[]> {
  if (authCertificate === undefined) return [];
  const candidates = await caOnCard(card, signal);
  const { anchor } = checkPath(authCertificate, {
    trust: await trust(),
    purpose: 'auth',
    at: now.getTime(),
    candidates,
  });
  if (anchor === undefined) return [doctorFinding('CA_UNKNOWN')];
  return [
    doctorFinding('CA_GENERATION', { subject: String(anchor.generation ?? '?'), name: anchor.hierarchy }),
  ];
}

async function caOnCard(card: Card, signal: AbortSignal): Promise<Certificate[]> {
  try {
    return [readCertificate(await new JpkiApplication(card).auth.caCertificate({ signal }))];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function pinFinding(pins: PinCounters): (entry: [string, unknown]) => DoctorFinding[] {
  const isName = (name: string): name is PinReference => Object.hasOwn(pins, name);
  return ([name]) => {
    if (!isName(name)) return [];
    const { triesLeft: left, max } = pins[name];
    if (left === null) return [];
    const code = left === 0 ? 'PIN_BLOCKED' : left < max ? 'PIN_TRIES_LOW' : 'PIN_TRIES';
    return [doctorFinding(code, { name, left, max })];
  };
}
