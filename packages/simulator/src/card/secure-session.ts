import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Block of AES, and the length of the key and of a counter block, bytes. */
const BLOCK = 16;

/** First byte of the padding; zeros follow (card-protocol.md 4.5). */
const PADDING = 0x80;

/**
 * The card's half of a secure messaging session of the 券面事項入力補助AP (card-protocol.md 4.5): AES-128-CBC, padded
 * always, the IV made of a counter that a command shares with its answer.
 */
export class SecureSession {
  readonly #key: Uint8Array;
  #counter = 0;

  /** @param key AES-128, 16 bytes: the first half of the delivered seed. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Counts a command that came with secure messaging: the first one has 1. */
  step(): void {
    this.#counter += 1;
  }

  /** The plain text of a cryptogram, or `undefined` when it is no such thing or was made with another counter. */
  decrypt(cryptogram: Uint8Array): Uint8Array | undefined {
    if (cryptogram.length === 0 || cryptogram.length % BLOCK !== 0) return undefined;
    const decipher = createDecipheriv('aes-128-cbc', this.#key, this.#initialVector()).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(cryptogram), decipher.final()]);
    const end = padded.findLastIndex((byte) => byte !== 0);
    return padded[end] === PADDING && padded.length - end <= BLOCK ? padded.subarray(0, end) : undefined;
  }

  encrypt(plainText: Uint8Array): Uint8Array {
    const padded = Buffer.alloc((Math.floor(plainText.length / BLOCK) + 1) * BLOCK);
    padded.set(plainText);
    padded[plainText.length] = PADDING;
    const cipher = createCipheriv('aes-128-cbc', this.#key, this.#initialVector()).setAutoPadding(false);
    return Buffer.concat([cipher.update(padded), cipher.final()]);
  }

  /** AES of the counter as 16 big-endian bytes. */
  #initialVector(): Uint8Array {
    const block = Buffer.alloc(BLOCK);
    block.writeUInt32BE(this.#counter, BLOCK - 4);
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]);
  }
}
