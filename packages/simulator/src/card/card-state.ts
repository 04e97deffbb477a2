import type { CardVariants } from '../variants/index.ts';
import type { Application, ApplicationName } from './application.ts';
import type { DataObjects } from './data-objects.ts';
import type { ElementaryFile } from './elementary-file.ts';
import type { PinMemory } from './pin-memory.ts';
import type { SecureSession } from './secure-session.ts';

/** What the card is, whatever happens to it. */
export interface CardContents {
  readonly applications: readonly Application[];
  readonly pins: PinMemory;
  readonly dataObjects: DataObjects;
  readonly variants: CardVariants;
}

/**
 * What the card remembers while it has power: what is selected, which PINs are verified, and the secure messaging
 * session.
 *
 * A verified PIN outlives a warm reset and a SELECT of the same application; it ends when another application or the
 * card manager is selected and when the power goes (card-protocol.md 1.2, 3.4). So it is kept with the application
 * it was verified in (`owner`), apart from what is selected.
 */
export class CardState {
  readonly contents: CardContents;
  readonly variants: CardVariants;
  /** The open secure messaging session; it ends with SELECT of an application and with the power (4.5). */
  session: SecureSession | undefined;
  /** The record that READ RECORD read last in the current EF, from 1; 0 when there is none. */
  currentRecord = 0;
  #application: Application | undefined;
  #currentEf: number | undefined;
  #owner: Application | undefined;
  /** File identifiers of the verified PINs and codes of the owner. */
  readonly #verified = new Set<number>();

  constructor(contents: CardContents) {
    this.contents = contents;
    this.variants = contents.variants;
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
    const same = application !== undefined && application === this.#owner;
    const keeps = same
      ? this.variants.sameApplicationStatus === 'kept'
      : application === undefined && this.variants.cardManagerStatus === 'kept';
    if (!keeps) this.#verified.clear();
    if (!same || this.variants.sessionAtSameApplication === 'ends') this.session = undefined;
    if (application !== undefined || !keeps) this.#owner = application;
    this.#leave(application);
  }

  selectEf(id: number): void {
    this.#currentEf = id;
    this.currentRecord = 0;
  }

  /** Whether the PIN or code of a file identifier, of the selected application, is verified. */
  isVerified(id: number): boolean {
    return this.#verified.has(id);
  }

  /** Notes that the PIN or code of a file identifier, of the selected application, is verified. */
  setVerified(id: number): void {
    this.#verified.add(id);
  }

  /** Notes that it is not, or no more. */
  clearVerified(id: number): void {
    this.#verified.delete(id);
  }

  /** Power-up, or the end of power. */
  coldReset(): void {
    this.#forget();
    this.session = undefined;
    this.#leave(undefined);
  }

  /** A verified PIN stays; what is selected is lost, though that is not told of a real card. */
  warmReset(): void {
    if (this.variants.warmResetStatus === 'cleared') this.#forget();
    if (this.variants.warmResetSelection === 'lost') this.#leave(undefined);
  }

  /** The EF of an identifier in the selected application. */
  file(id: number): ElementaryFile | undefined {
    return this.#application?.files.get(id);
  }

  /** Name of the selected application, where its PINs are. */
  get applicationName(): ApplicationName | undefined {
    return this.#application?.name;
  }

  #forget(): void {
    this.#owner = undefined;
    this.#verified.clear();
  }

  #leave(application: Application | undefined): void {
    this.#application = application;
    this.#currentEf = undefined;
    this.currentRecord = 0;
  }
}
