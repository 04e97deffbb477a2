import { type Card, StatusWordError, Sw } from '@jpki/iso7816';
import { readDate, readDigits } from '../card-field.ts';
import type { CvAnchor } from '../cv/anchor.ts';
import { type CvCertificate, readCvCertificate } from '../cv/certificate.ts';
import type { CallOptions } from '../hold.ts';
import { CARD_MANAGER_AID } from '../lock.ts';
import type { Proof } from '../proof.ts';
import { proveManagerChain } from './chain.ts';
import { ManagerTag } from './layout.ts';

/** Certificates of the card manager. */
export interface ManagerCertificates {
  /** GET DATA 00F8: a CA key to an intermediate one; on every card. */
  readonly upper: CvCertificate;
  /** GET DATA 7F21: the intermediate key to the next; not on every card. */
  readonly lower: CvCertificate | undefined;
  readonly proof: Proof;
}

/**
 * The card manager (GlobalPlatform issuer security domain): data of the card itself, free to read. Selecting it also
 * locks the card.
 */
export class CardManager {
  readonly #card: Card;

  constructor(card: Card) {
    this.#card = card;
  }

  /** 市区町村コード, 5 digits; `undefined` on a card that does not tell. Nothing signs it. */
  async municipality(options: CallOptions = {}): Promise<string | undefined> {
    const bytes = await this.data(ManagerTag.MUNICIPALITY, options);
    return bytes && readDigits(bytes, 'the municipality code');
  }

  /** 有効期限 of the card, `YYYY-MM-DD`; `undefined` on a card that does not tell. Nothing signs it. */
  async expiry(options: CallOptions = {}): Promise<string | undefined> {
    const bytes = await this.data(ManagerTag.EXPIRY, options);
    return bytes && readDate(bytes, 'the expiry date');
  }

  /**
   * The chain of card-verifiable certificates, checked. `undefined` on a card without it.
   *
   * @throws {CardForgedError} when a signature is wrong; {@link CardDataInvalidError}.
   */
  async certificates(
    options: CallOptions & { readonly trust: readonly CvAnchor[] },
  ): Promise<ManagerCertificates | undefined> {
    const read = async (tag: number) => {
      const bytes = await this.data(tag, options);
      return bytes && readCvCertificate(bytes);
    };
    const upper = await read(ManagerTag.UPPER);
    if (upper === undefined) return undefined;
    const lower = await read(ManagerTag.LOWER);
    return { upper, lower, proof: proveManagerChain(upper, lower, options.trust) };
  }

  /** A data object by its tag, 16 bits; `undefined` when the card has none. */
  data(tag: number, { signal }: CallOptions = {}): Promise<Uint8Array | undefined> {
    return this.#card.exclusive(
      async (session) => {
        try {
          await session.selectDf(CARD_MANAGER_AID);
          return await session.getData(tag);
        } catch (error) {
          if (isAbsent(error)) return undefined;
          throw error;
        }
      },
      { signal },
    );
  }
}

function isAbsent(error: unknown): boolean {
  const words: readonly number[] = [Sw.REFERENCED_DATA_NOT_FOUND, Sw.FILE_NOT_FOUND];
  return error instanceof StatusWordError && words.includes(error.sw);
}
