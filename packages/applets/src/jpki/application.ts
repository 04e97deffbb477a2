import type { Card, CardSession } from '@jpki/iso7816';
import { type CallOptions, type Hold, holdApplication } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import { readLeadingBytes } from '../reading.ts';
import { type Availability, readAvailability } from './availability.ts';
import { JpkiKey } from './key.ts';
import { AUTH_KEY, SIGN_KEY } from './key-layout.ts';
import { JPKI_AP, JpkiEf, TOKEN_LABEL_LENGTH } from './layout.ts';
import { readToken, type Token } from './token.ts';

/** Tries left of the two PINs of the JPKI application. */
export interface JpkiTriesLeft {
  readonly sign: number;
  readonly auth: number;
}

/**
 * The JPKI application (公的個人認証AP) of a card. Nothing is sent until a method is called; each method is one
 * hold of the card that begins by selecting the application, so other users of the card cannot get in between.
 *
 * Every method throws {@link ApplicationNotFoundError} when the card has no such application, and
 * {@link LinkError} when the link fails.
 */
export class JpkiApplication {
  /** 署名用: document signatures. Its certificate carries name, address, birth date and sex of the holder. */
  readonly sign: JpkiKey;
  /** 利用者証明用: login. Its certificate carries none of them. */
  readonly auth: JpkiKey;
  readonly #hold: Hold;

  constructor(card: Card) {
    this.#hold = holdApplication(card, JPKI_AP);
    this.sign = new JpkiKey(SIGN_KEY, this.#hold);
    this.auth = new JpkiKey(AUTH_KEY, this.#hold);
  }

  /** What kind of token answers (EF 0006): the plastic card, a phone, an old 住基カード. */
  token(options: CallOptions = {}): Promise<Token> {
    const read = async (session: CardSession) =>
      readToken(await readLeadingBytes(session, JpkiEf.TOKEN, TOKEN_LABEL_LENGTH));
    return this.#hold(read, options);
  }

  /** Which certificates exist (EF 0008). */
  availability(options: CallOptions = {}): Promise<Availability> {
    return this.#hold(readAvailability, options);
  }

  /** Tries left of both PINs. Asks no PIN and spends no try. 0 means blocked. */
  triesLeft(options: CallOptions = {}): Promise<JpkiTriesLeft> {
    return this.#hold(async (session) => {
      const auth = await readTriesLeft(session, AUTH_KEY);
      const sign = await readTriesLeft(session, SIGN_KEY);
      return { sign, auth };
    }, options);
  }
}
