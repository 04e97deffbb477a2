import type { StatusWord } from '@jpki/iso7816';
import type { CertificateKind } from '../test-pki/names.ts';
import type { ElementaryFile, FileSystem } from './elementary-file.ts';
import type { PinMemory } from './pin-memory.ts';

/** An application on the card. */
export interface Application {
  readonly aid: Uint8Array;
  readonly files: FileSystem;
}

/** What the card is, whatever happens to it. */
export interface CardContents {
  readonly applications: readonly Application[];
  readonly pins: PinMemory;
}

/**
 * What the card remembers while it has power: what is selected, and which PINs are verified.
 *
 * A verified PIN outlives a warm reset and a SELECT of the same application; it ends when another application or the
 * card manager is selected and when the power goes (card-protocol.md 1.2, 3.4). So it is kept with the application
 * it was verified in (`owner`), apart from what is selected.
 */
export class CardState {
  readonly contents: CardContents;
  #application: Application | undefined;
  #currentEf: number | undefined;
  #owner: Application | undefined;
  readonly #verified = new Set<CertificateKind>();

  constructor(contents: CardContents) {
    this.contents = contents;
  }

  /** The selected application; `undefined` at the card manager (ISD), which is where power-up leaves the card. */
  get application(): Application | undefined {
    return this.#application;
  }

  get currentEf(): number | undefined {
    return this.#currentEf;
  }

  /** Selects an application, or the card manager: no EF is current then. */
  selectApplication(application: Application | undefined): void {
    if (application !== this.#owner) this.#verified.clear();
    this.#owner = application;
    this.#application = application;
    this.#currentEf = undefined;
  }

  selectEf(id: number): void {
    this.#currentEf = id;
  }

  isVerified(kind: CertificateKind): boolean {
    return this.#verified.has(kind);
  }

  setVerified(kind: CertificateKind, verified: boolean): void {
    if (verified) this.#verified.add(kind);
    else this.#verified.delete(kind);
  }

  /** Power-up, or the end of power. */
  coldReset(): void {
    this.#owner = undefined;
    this.#verified.clear();
    this.warmReset();
  }

  /** What is selected is lost; a verified PIN is not. What a real card has selected after it is not told. */
  warmReset(): void {
    this.#application = undefined;
    this.#currentEf = undefined;
  }

  /** The EF of an identifier in the selected application. */
  file(id: number): ElementaryFile | undefined {
    return this.#application?.files.get(id);
  }
}

/** Ends a command with a status word and no data. It never leaves the card. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly sw: StatusWord;

  constructor(sw: StatusWord) {
    super(`status word ${sw.toString(16).toUpperCase()}`);
    this.sw = sw;
  }
}
