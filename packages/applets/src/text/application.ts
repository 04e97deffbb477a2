import type { Card } from '@jpki/iso7816';
import { type CallOptions, type Hold, holdApplication } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import type { PinSource } from '../pin-source.ts';
import type { Proof } from '../proof.ts';
import { readObject } from '../reading.ts';
import type { RecordOptions } from '../record-options.ts';
import { unlocked } from '../unlock.ts';
import { TEXT_AP, TEXT_SECRETS, TextEf } from './layout.ts';
import { type MyNumberOptions, type ProvenMyNumber, readProvenMyNumber } from './my-number.ts';
import { proveText } from './proof.ts';
import {
  type Attributes,
  type IntegrityRecord,
  readAttributes,
  readTextBasicInformation,
  type TextBasicInformation,
} from './records.ts';

/** What opens the 基本4情報: the PIN of this application, or 照合番号B. */
export type AttributesSecret = { readonly pin: PinSource } | { readonly numberB: PinSource };

/** How the 基本4情報 are read. */
export interface AttributesOptions extends RecordOptions {
  readonly secret: AttributesSecret;
}

/** 基本4情報, and whether the card proved them. */
export interface ProvenAttributes {
  readonly attributes: Attributes;
  readonly proof: Proof;
}

/**
 * The 券面事項入力補助AP of a card: 基本4情報 and 個人番号 as text. Each method is one hold of the card, or two where a
 * person is asked in between, and leaves the card locked.
 *
 * Every method throws {@link ApplicationNotFoundError} when the card has no such application, and
 * {@link LinkError} when the link fails.
 */
export class TextApplication {
  readonly #hold: Hold;

  constructor(card: Card) {
    this.#hold = holdApplication(card, TEXT_AP);
  }

  /** Tries left of the PIN. Asks nothing and spends no try. */
  triesLeft(options: CallOptions = {}): Promise<number> {
    return this.#hold((session) => readTriesLeft(session, TEXT_SECRETS.pin), options);
  }

  /** What the application says of itself (EF 0005); needs no PIN, and nothing signs it. */
  basicInformation(options: CallOptions = {}): Promise<TextBasicInformation> {
    const file = { ef: TextEf.BASIC_INFORMATION, reference: 'text' } as const;
    return this.#hold(async (session) => readTextBasicInformation(await readObject(session, file)), options);
  }

  /**
   * 基本4情報: name, address, birth date and sex.
   *
   * @throws {CardForgedError} when a signature, a hash or the answer to the challenge is wrong; {@link CardDataInvalidError};
   * the errors of the PIN ({@link PinFormatError} and others, see {@link PinError}); `signal.reason`.
   */
  attributes(options: AttributesOptions): Promise<ProvenAttributes> {
    const { secret, trust } = options;
    const byPin = 'pin' in secret;
    const location = byPin ? TEXT_SECRETS.pin : TEXT_SECRETS.numberB;
    const source = byPin ? secret.pin : secret.numberB;
    return unlocked({ hold: this.#hold, location, source }, options, async (session) => {
      const file = { ef: TextEf.ATTRIBUTES, reference: location.reference };
      const { attributes, covered } = readAttributes(await readObject(session, file));
      const data = {
        reference: location.reference,
        bytes: covered,
        digest: (record: IntegrityRecord) => record.attributesDigest,
      };
      return { attributes, proof: await proveText(session, data, trust) };
    });
  }

  /**
   * 個人番号. Nobody may collect or keep another person's number outside the purposes the law lists (番号法 19, 20), so it
   * comes in a type that prints as nothing.
   *
   * @throws what {@link TextApplication.attributes} throws.
   */
  myNumber(options: MyNumberOptions): Promise<ProvenMyNumber> {
    return readProvenMyNumber(this.#hold, options);
  }
}
