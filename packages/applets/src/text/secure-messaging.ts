import { constants, createCipheriv, createDecipheriv, type KeyObject, publicEncrypt } from 'node:crypto';
import {
  type CardSession,
  encodeTlv,
  Ins,
  type PinProtection,
  readTlvs,
  TlvFormatError,
} from '@jpki/iso7816';
import { SecureMessagingError } from '../errors.ts';

/**
 * Secure messaging of the 券面事項入力補助AP (card-protocol.md 4.5): what passes between reader and card is encrypted with a
 * key for this session. It hides, and proves nothing: there is no MAC.
 *
 * @provenance observed on test cards by one source (myna-card 3.3.4)
 */

/** SET SESSION KEY: `80 AE 00 00`, extended Lc, no Le. */
const SET_SESSION_KEY = { cla: 0x80, ins: 0xae, p1: 0x00, p2: 0x00, extended: true } as const;

/** Class byte of a command under secure messaging. */
const CLA = 0x08;

/** Tags inside: the key template and its seed; cryptogram with padding indicator; protected Le. */
const SmTag = { KEY_TEMPLATE: 0xa0, SEED: 0x80, CRYPTOGRAM: 0x86, PROTECTED_LE: 0x96 } as const;

/** The cryptogram is padded with 80 00…; the only indicator the card takes. */
const PADDING_INDICATOR = 0x01;

const SEED_LENGTH = 32;
/** AES-128: the first half of the seed; the card uses no other byte of it. */
const KEY_LENGTH = 16;
const BLOCK = 16;

/** Le 0000: the whole physical file from the offset. */
const LE_ALL = Uint8Array.of(0, 0, 0);
const EXTENDED_NE = 65_536;

/** One session of secure messaging. Every command steps its counter, also one that the card refuses. */
export class SecureMessaging implements PinProtection {
  readonly cla: number = CLA;
  readonly #session: CardSession;
  readonly #key: Uint8Array;
  #counter = 0;

  private constructor(session: CardSession, key: Uint8Array) {
    this.#session = session;
    this.#key = key;
  }

  /**
   * Opens a session in the selected application, whose PIN is verified: sends a fresh seed, RSAES-OAEP with SHA-256 under
   * the card's key.
   *
   * @throws {StatusWordError} 6982 without the PIN, 6A80 when the card cannot take the key.
   */
  static async open(session: CardSession, cardKey: KeyObject): Promise<SecureMessaging> {
    // From the system and never from the channel, whose circumstances give nonces: what it carries is hidden from it.
    const seed = globalThis.crypto.getRandomValues(new Uint8Array(SEED_LENGTH));
    const template = encodeTlv(SmTag.KEY_TEMPLATE, encodeTlv(SmTag.SEED, seed));
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const data = publicEncrypt({ key: cardKey, padding, oaepHash: 'sha256' }, template);
    await session.execute({ ...SET_SESSION_KEY, data });
    const key = new Uint8Array(seed.subarray(0, KEY_LENGTH));
    seed.fill(0);
    template.fill(0);
    return new SecureMessaging(session, key);
  }

  /** SELECT EF, its identifier encrypted. */
  async selectEf(id: number): Promise<void> {
    const data = this.protect(Uint8Array.of(id >> 8, id & 0xff));
    await this.#session.execute({ cla: CLA, ins: Ins.SELECT, p1: 0x02, p2: 0x0c, data });
  }

  /**
   * READ BINARY of the selected EF from its start to its physical end.
   *
   * @throws {SecureMessagingError} when the answer is not one cryptogram of this session.
   */
  async readFile(): Promise<Uint8Array> {
    this.#counter += 1;
    const data = encodeTlv(SmTag.PROTECTED_LE, LE_ALL);
    const command = { cla: CLA, ins: Ins.READ_BINARY, p1: 0, p2: 0, data, le: EXTENDED_NE, extended: true };
    return this.#decrypt(await this.#session.execute(command));
  }

  /** The data field of the next command: `86 <length> 01 <cryptogram>`. For VERIFY, the session sends it. */
  protect(data: Uint8Array): Uint8Array {
    this.#counter += 1;
    const padded = Buffer.alloc((Math.floor(data.length / BLOCK) + 1) * BLOCK);
    padded.set(data);
    padded[data.length] = 0x80;
    const cipher = createCipheriv('aes-128-cbc', this.#key, this.#iv()).setAutoPadding(false);
    const cryptogram = Buffer.concat([cipher.update(padded), cipher.final()]);
    padded.fill(0);
    return encodeTlv(SmTag.CRYPTOGRAM, Uint8Array.of(PADDING_INDICATOR), cryptogram);
  }

  /** The counter, encrypted: the same for a command and its answer. */
  #iv(): Uint8Array {
    const counter = Buffer.alloc(BLOCK);
    counter.writeUInt32BE(this.#counter, BLOCK - 4);
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(counter), cipher.final()]);
  }

  #decrypt(answer: Uint8Array): Uint8Array {
    const cryptogram = cryptogramOf(answer);
    const decipher = createDecipheriv('aes-128-cbc', this.#key, this.#iv()).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(cryptogram), decipher.final()]);
    const end = padded.lastIndexOf(0x80);
    const isPadding = end >= padded.length - BLOCK && padded.subarray(end + 1).every((byte) => byte === 0);
    if (end < 0 || !isPadding) throw new SecureMessagingError('its padding is wrong');
    return padded.subarray(0, end);
  }
}

function cryptogramOf(answer: Uint8Array): Uint8Array {
  try {
    const [object, ...more] = readTlvs(answer);
    const isOne = object?.tag === SmTag.CRYPTOGRAM && more.length === 0;
    const cryptogram = object?.value.subarray(1) ?? new Uint8Array();
    if (
      !isOne ||
      object.value[0] !== PADDING_INDICATOR ||
      cryptogram.length === 0 ||
      cryptogram.length % BLOCK !== 0
    )
      throw new SecureMessagingError('it is not one cryptogram');
    return cryptogram;
  } catch (error) {
    if (error instanceof TlvFormatError) throw new SecureMessagingError('it is no data object', error);
    throw error;
  }
}
