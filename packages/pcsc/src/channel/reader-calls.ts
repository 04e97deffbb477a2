import type { CardLink } from '../connection/card-link.ts';
import { PcscError } from '../errors.ts';
import { type ReaderAttribute, readerAttributes } from '../readers/reader-attributes.ts';
import {
  controlCode,
  GET_FEATURE_REQUEST,
  parseReaderFeatures,
  type ReaderFeatures,
} from '../readers/reader-features.ts';
import { hasScardCode, SCARD_E_INSUFFICIENT_BUFFER } from '../scard/scard-numbers.ts';
import type { CallGate } from './call-gate.ts';
import { unsupported } from './channel-errors.ts';

/**
 * Attributes that pcscd answers itself, with the reader's name, where the driver does not. It fails to with a driver
 * that leaves a length of zero behind, as that of vpcd does: then it finds no room for the name.
 */
const NAME_ATTRIBUTES: ReadonlySet<number> = new Set([
  readerAttributes.friendlyName,
  readerAttributes.systemName,
]);

/** Limits of a call to the reader. */
export interface ReaderCallOptions {
  /** Milliseconds until `ERR_PCSC_TIMEOUT`; without it those of a command. */
  readonly timeout?: number;
}

/** What the calls need of their channel. */
export interface ReaderCallsOptions {
  readonly bindingName: string;
  readonly readerName: string;
  /** Waits for an answer within the limits of the channel. */
  readonly answer: (answer: Promise<Uint8Array>, timeout?: number) => Promise<Uint8Array>;
}

/** Calls of a channel to the reader itself; what they do is told at the channel. */
export class ReaderCalls {
  readonly #link: CardLink;
  readonly #gate: CallGate;
  readonly #options: ReaderCallsOptions;

  constructor(link: CardLink, gate: CallGate, options: ReaderCallsOptions) {
    this.#link = link;
    this.#gate = gate;
    this.#options = options;
  }

  control(
    code: number,
    data: Uint8Array = new Uint8Array(),
    options: ReaderCallOptions = {},
  ): Promise<Uint8Array> {
    return this.#gate.question(async () => {
      const { card } = this.#link;
      if (!card.control) throw this.#unsupported('control commands');
      return this.#options.answer(card.control(code, data), options.timeout);
    });
  }

  attribute(attribute: ReaderAttribute | number): Promise<Uint8Array> {
    const id = typeof attribute === 'number' ? attribute : readerAttributes[attribute];
    return this.#gate.question(async () => {
      const { card } = this.#link;
      if (!card.attribute) throw this.#unsupported('attributes');
      try {
        return await this.#options.answer(card.attribute(id));
      } catch (error) {
        if (!NAME_ATTRIBUTES.has(id) || !hasScardCode(error, SCARD_E_INSUFFICIENT_BUFFER)) throw error;
        return new TextEncoder().encode(`${this.#options.readerName}\0`);
      }
    });
  }

  async features(): Promise<ReaderFeatures> {
    if (!this.#link.card.control) throw this.#unsupported('control commands');
    try {
      const list = await this.control(controlCode(GET_FEATURE_REQUEST));
      return parseReaderFeatures(list, this.#options.readerName);
    } catch (error) {
      if (isUnsupportedByReader(error)) return new Map();
      throw error;
    }
  }

  #unsupported(what: string): PcscError {
    return unsupported(this.#options.bindingName, what, this.#options.readerName);
  }
}

function isUnsupportedByReader(error: unknown): boolean {
  return error instanceof PcscError && error.code === 'ERR_PCSC_UNSUPPORTED';
}
