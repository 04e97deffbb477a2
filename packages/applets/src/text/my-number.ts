import type { CardSession } from '@jpki/iso7816';
import { PinRequiredError } from '../errors.ts';
import { type Hold, selectApplication } from '../hold.ts';
import { CARD_MANAGER_AID } from '../lock.ts';
import { assertTriesAllow, type PinLocation, readTriesLeft, verifyPin } from '../pin-gate.ts';
import { type ObtainedPin, obtainPin, type PinSource, type UnlockOptions } from '../pin-source.ts';
import type { Proof } from '../proof.ts';
import { readObject, readSmallFile } from '../reading.ts';
import type { RecordOptions } from '../record-options.ts';
import type { SecretDigits } from '../secret-digits.ts';
import { unlocked } from '../unlock.ts';
import { TEXT_AP, TEXT_SECRETS, TextEf } from './layout.ts';
import { proveText } from './proof.ts';
import { type IntegrityRecord, readMyNumber, readSessionKey } from './records.ts';
import { SecureMessaging } from './secure-messaging.ts';

/** What opens the 個人番号: the PIN of this application, or 照合番号A. */
export type MyNumberSecret = { readonly pin: PinSource } | { readonly numberA: PinSource };

/** The PIN with which secure messaging begins, beside another secret. Consent to spend the last try is for one of the two. */
export interface MessagingPin extends Pick<UnlockOptions, 'allowLastTry'> {
  readonly pin: PinSource;
}

/** How the 個人番号 is read. */
export interface MyNumberOptions extends RecordOptions {
  readonly secret: MyNumberSecret;
  /**
   * Encrypt the number on its way from the card, and 照合番号A, which is the number, on its way to it. It begins with the
   * PIN: `true` takes the one in `secret`, and with 照合番号A as the secret the PIN is given here, with the consent to its
   * own last try.
   */
  readonly secureMessaging?: boolean | MessagingPin;
}

/** 個人番号, and whether the card proved it. */
export interface ProvenMyNumber {
  readonly myNumber: SecretDigits;
  readonly proof: Proof;
}

/** Reads and proves EF 0001, with the secret and the protection that were asked for. */
export function readProvenMyNumber(hold: Hold, options: MyNumberOptions): Promise<ProvenMyNumber> {
  const { secret, secureMessaging = false } = options;
  if (secureMessaging !== false) return readProtected(hold, options, secureMessaging);
  const { location, source } =
    'pin' in secret
      ? { location: TEXT_SECRETS.pin, source: secret.pin }
      : { location: TEXT_SECRETS.numberA, source: secret.numberA };
  return unlocked({ hold, location, source }, options, async (session) => {
    const bytes = await readSmallFile(session, { ef: TextEf.MY_NUMBER, reference: location.reference });
    return proven(session, bytes, options);
  });
}

/** The same with the number, and 照合番号A which is the number, encrypted on their way (card-protocol.md 4.5). */
async function readProtected(
  hold: Hold,
  options: MyNumberOptions,
  secureMessaging: true | MessagingPin,
): Promise<ProvenMyNumber> {
  const { secret } = options;
  // Who agreed to the last try of 照合番号A said nothing of the PIN.
  const consent = secureMessaging === true ? options : secureMessaging;
  const pinOptions = { ...options, allowLastTry: consent.allowLastTry };
  const source = pinFor(secret, secureMessaging);
  const numberA = 'numberA' in secret ? await obtainNumberA(hold, secret.numberA, options) : undefined;
  const read = async (session: CardSession) => {
    const messaging = await openMessaging(session);
    if (numberA !== undefined) {
      const shown = { ...options, shown: numberA.shown };
      await verifyPin(session, TEXT_SECRETS.numberA, numberA.pin, shown, messaging);
    }
    await messaging.selectEf(TextEf.MY_NUMBER);
    return proven(session, await messaging.readFile(), options);
  };
  try {
    return await unlocked({ hold: cleanHold(hold), location: TEXT_SECRETS.pin, source }, pinOptions, read);
  } finally {
    numberA?.pin[Symbol.dispose]();
  }
}

/** Secure messaging begins with the PIN, whatever else is presented. */
function pinFor(secret: MyNumberOptions['secret'], messaging: true | MessagingPin): PinSource {
  if (messaging !== true) return messaging.pin;
  if ('pin' in secret) return secret.pin;
  throw new PinRequiredError('text');
}

function obtainNumberA(hold: Hold, source: PinSource, options: MyNumberOptions): Promise<ObtainedPin> {
  const location: PinLocation = TEXT_SECRETS.numberA;
  return obtainPin(location.reference, source, options, () =>
    hold(async (session) => {
      const tries = await readTriesLeft(session, location);
      assertTriesAllow(location.reference, tries, options);
      return tries;
    }, options),
  );
}

/** A hold that begins locked: logging out in the middle, for a card that answers 9000, would end the session. */
function cleanHold(hold: Hold): Hold {
  return (work, options) =>
    hold(async (session) => {
      await session.selectDf(CARD_MANAGER_AID);
      await selectApplication(session, TEXT_AP);
      return work(session);
    }, options);
}

async function openMessaging(session: CardSession): Promise<SecureMessaging> {
  const key = readSessionKey(await readObject(session, { ef: TextEf.SESSION_KEY, reference: 'text' }));
  return SecureMessaging.open(session, key);
}

/** The digest of the record is over the whole physical file, filler included. */
async function proven(
  session: CardSession,
  bytes: Uint8Array,
  { secret, trust }: MyNumberOptions,
): Promise<ProvenMyNumber> {
  const reference = 'pin' in secret ? 'text' : 'number-a';
  const digest = (record: IntegrityRecord) => record.myNumberDigest;
  return {
    myNumber: readMyNumber(bytes),
    proof: await proveText(session, { reference, bytes, digest }, trust),
  };
}
