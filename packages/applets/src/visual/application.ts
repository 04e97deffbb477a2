import type { Card, CardSession } from '@jpki/iso7816';
import type { CvTrust } from '../cv/anchor.ts';
import type { CvCertificate } from '../cv/certificate.ts';
import { verifiesRecord } from '../cv/record-proof.ts';
import { type CallOptions, type Hold, holdApplication } from '../hold.ts';
import { type PinLocation, readTriesLeft } from '../pin-gate.ts';
import type { PinSource } from '../pin-source.ts';
import type { Proof } from '../proof.ts';
import { readObject } from '../reading.ts';
import type { RecordOptions } from '../record-options.ts';
import { unlocked } from '../unlock.ts';
import { verifiesFace } from './face-signature.ts';
import { VISUAL_AP, VISUAL_SECRETS, VisualEf } from './layout.ts';
import { proveVisual } from './proof.ts';
import {
  type AgeRecord,
  type Face,
  type NumberImage,
  readAge,
  readFace,
  readNumberImage,
  readVisualBasicInformation,
  type VisualBasicInformation,
  type VisualRecord,
} from './records.ts';

/** What opens the face: 照合番号A (the 個人番号) or B. */
export type FaceSecret = { readonly numberA: PinSource } | { readonly numberB: PinSource };

/** How the face is read. */
export interface FaceOptions extends RecordOptions {
  readonly secret: FaceSecret;
}

/** How the age record is read. */
export interface AgeOptions extends RecordOptions {
  /** 生年月日, 6 digits: year of the era, month, day. */
  readonly birth: PinSource;
}

/** How the image of the 個人番号 is read. */
export interface NumberImageOptions extends RecordOptions {
  readonly numberA: PinSource;
}

/** A content of the card, and whether the card proved it. */
export type Proven<T> = T & { readonly proof: Proof };

/** Tries left of the three secrets of this application; 0 means blocked. */
export interface VisualTriesLeft {
  readonly birth: number;
  readonly numberA: number;
  readonly numberB: number;
}

/**
 * The 券面事項確認AP of a card: its printed face as images. Each method is one hold of the card, or two where a person is
 * asked in between, and leaves the card locked.
 *
 * Every method throws {@link ApplicationNotFoundError} when the card has no such application, and
 * {@link LinkError} when the link fails. Those that read a record throw {@link CardForgedError} when a signature or the
 * answer to the challenge is wrong, {@link CardDataInvalidError}, and the errors of the secret (see {@link PinError}).
 */
export class VisualApplication {
  readonly #hold: Hold;

  constructor(card: Card) {
    this.#hold = holdApplication(card, VISUAL_AP);
  }

  /** Tries left of the three secrets. Asks nothing and spends no try. */
  triesLeft(options: CallOptions = {}): Promise<VisualTriesLeft> {
    return this.#hold(async (session) => {
      const birth = await readTriesLeft(session, VISUAL_SECRETS.birth);
      const numberB = await readTriesLeft(session, VISUAL_SECRETS.numberB);
      const numberA = await readTriesLeft(session, VISUAL_SECRETS.numberA);
      return { birth, numberA, numberB };
    }, options);
  }

  /** What the application says of itself (EF 0003); needs no secret, and nothing signs it. */
  basicInformation(options: CallOptions = {}): Promise<VisualBasicInformation> {
    const file = { ef: VisualEf.BASIC_INFORMATION, reference: 'number-a' } as const;
    return this.#hold(
      async (session) => readVisualBasicInformation(await readObject(session, file)),
      options,
    );
  }

  /** The printed face. The proof covers everything but the expiry date and the security code. */
  face(options: FaceOptions): Promise<Proven<Face>> {
    const { secret, trust } = options;
    const byA = 'numberA' in secret;
    const location = byA ? VISUAL_SECRETS.numberA : VISUAL_SECRETS.numberB;
    const source = byA ? secret.numberA : secret.numberB;
    return this.#unlocked(location, source, options, async (session) => {
      const file = { ef: VisualEf.FACE, reference: location.reference };
      const record = readFace(await readObject(session, file));
      const signed = (certificate: CvCertificate) => verifiesFace(certificate, record);
      return { ...record.face, proof: await proveVisual(session, record.cardKey, signed, trust) };
    });
  }

  /** The age record: the birth date, opened by itself and signed, for proving an age without the name. */
  ageRecord(options: AgeOptions): Promise<Proven<AgeRecord>> {
    const location = VISUAL_SECRETS.birth;
    return this.#unlocked(location, options.birth, options, async (session) => {
      const file = { ef: VisualEf.AGE, reference: location.reference };
      return proven(session, readAge(await readObject(session, file)), options.trust);
    });
  }

  /** The image of the 個人番号; treat it as the number itself. */
  numberImage(options: NumberImageOptions): Promise<Proven<NumberImage>> {
    const location = VISUAL_SECRETS.numberA;
    return this.#unlocked(location, options.numberA, options, async (session) => {
      const file = { ef: VisualEf.NUMBER_IMAGE, reference: location.reference };
      return proven(session, readNumberImage(await readObject(session, file)), options.trust);
    });
  }

  #unlocked<T>(
    location: PinLocation,
    source: PinSource,
    options: RecordOptions,
    work: (session: CardSession) => Promise<T>,
  ): Promise<T> {
    return unlocked({ hold: this.#hold, location, source }, options, work);
  }
}

async function proven<T extends object>(
  session: CardSession,
  { content, cardKey, signed, signature }: VisualRecord<T>,
  trust: CvTrust,
): Promise<Proven<T>> {
  const verifies = (certificate: CvCertificate) => verifiesRecord(certificate, signed, signature);
  return { ...content, proof: await proveVisual(session, cardKey, verifies, trust) };
}
