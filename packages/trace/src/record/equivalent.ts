/**
 * Another card, whose holder nobody is: its content stands in a trace where a person's was. All of it should be of one
 * card, so that certificates, keys and signatures belong together. What it does not have is `undefined`.
 */
export interface Equivalent {
  /** A transparent EF from its first byte to its physical end, filler included. */
  file(aid: Uint8Array, ef: number): Uint8Array | undefined;
  /** A record of a record file, from 1, as READ RECORD answers it. */
  record?(aid: Uint8Array, ef: number, number: number): Uint8Array | undefined;
  /** A data object, as GET DATA answers it while the application is selected. */
  dataObject?(aid: Uint8Array, tag: number): Uint8Array | undefined;
  /**
   * What a program that had read this card would have had signed instead: a signature names the certificate of its
   * signer. As long as the question's data; `undefined` for the same.
   */
  dataToSign?(question: SignatureQuestion): Uint8Array | undefined;
  /** What `80 2A` answers. */
  signature?(question: SignatureQuestion): Uint8Array | undefined | Promise<Uint8Array | undefined>;
}

/** A COMPUTE DIGITAL SIGNATURE (card-protocol.md 3.6). */
export interface SignatureQuestion {
  readonly aid: Uint8Array;
  /** EF of the key; absent for the default key of the application. */
  readonly ef: number | undefined;
  /** P1: what the data is, and how it is padded. */
  readonly scheme: number;
  /** Command data, normally a DigestInfo. */
  readonly data: Uint8Array;
}
