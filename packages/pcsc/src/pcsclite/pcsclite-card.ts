import type { BindingCard, Disposition, Protocol, ProtocolChoice, ShareMode } from '../binding.ts';
import type { ServiceQuestion } from '../deadline.ts';
import { DISPOSITION, PROTOCOL, PROTOCOL_UNDEFINED, protocolOf, SHARE_MODE } from '../scard/scard-numbers.ts';
import { onceAnswering } from '../socket/service-question.ts';
import { failureFrom, type PcscliteReader } from './pcsclite-addon.ts';
import { runPromiseJobs } from './promise-jobs.ts';

/**
 * Room for a response: the longest there is (an extended data field and the status word). The addon wants the
 * number beforehand, and an answer that does not fit is lost, which after a VERIFY would cost the counter's news.
 */
const RESPONSE_LENGTH = 65_538;

/** Room for the answer of a reader to a control command: the service passes on no more (pcsclite.h, MAX_BUFFER_SIZE_EXTENDED). */
const CONTROL_RESPONSE_LENGTH = 65_548;

/** How a connection is made. */
export interface PcscliteConnection {
  readonly share: ShareMode;
  readonly protocol: ProtocolChoice;
}

/** What a card has around it. */
export interface PcscliteCircumstances {
  /** Told at the end whether the reader object can make another connection. */
  readonly release: (reusable: boolean) => void;
  readonly question: ServiceQuestion | undefined;
}

/** A card connected through one of the addon's reader objects. */
export class PcscliteCard implements BindingCard {
  readonly #reader: PcscliteReader;
  readonly #protocol: number;
  readonly #circumstances: PcscliteCircumstances;

  private constructor(reader: PcscliteReader, protocol: number, circumstances: PcscliteCircumstances) {
    this.#reader = reader;
    this.#protocol = protocol;
    this.#circumstances = circumstances;
  }

  static async connect(
    reader: PcscliteReader,
    { share, protocol }: PcscliteConnection,
    circumstances: PcscliteCircumstances,
  ): Promise<PcscliteCard> {
    const wanted = share === 'direct' ? PROTOCOL_UNDEFINED : PROTOCOL[protocol];
    // The addon has defaults of its own: always say them.
    const mode = { share_mode: SHARE_MODE[share], protocol: wanted };
    const agreed = await call((done) => reader.connect(mode, done));
    return new PcscliteCard(reader, typeof agreed === 'number' ? agreed : wanted, circumstances);
  }

  get protocol(): Protocol | undefined {
    return protocolOf(this.#protocol);
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const bytes = Buffer.from(command.buffer, command.byteOffset, command.length);
    const response = await call((done) =>
      this.#reader.transmit(bytes, RESPONSE_LENGTH, this.#protocol, done),
    );
    return plainBytes(response);
  }

  async control(code: number, input: Uint8Array): Promise<Uint8Array> {
    // The addon hands the thread a bare pointer into this buffer and holds no reference to it: it must neither move
    // (hence not pooled, and a copy) nor be collected before the answer.
    const held = Buffer.alloc(input.length);
    held.set(input);
    try {
      const response = await call((done) =>
        this.#reader.control(held, code >>> 0, CONTROL_RESPONSE_LENGTH, done),
      );
      return plainBytes(response);
    } finally {
      // Also the reference that outlives the call.
      held.fill(0);
    }
  }

  /** A service that is silent is left alone, and told once it answers again. @throws the question's error then */
  async disconnect(disposition: Disposition): Promise<void> {
    await onceAnswering(this.#circumstances.question, () => this.#disconnect(disposition));
  }

  async #disconnect(disposition: Disposition): Promise<void> {
    let reusable = false;
    try {
      await call((done) => this.#reader.disconnect(DISPOSITION[disposition], done));
      reusable = true;
    } finally {
      this.#circumstances.release(reusable);
    }
  }
}

/** A plain array, as the contract says: a Buffer prints and compares in its own way. */
function plainBytes(response: unknown): Uint8Array {
  return response instanceof Uint8Array ? new Uint8Array(response) : new Uint8Array();
}

/** Turns a callback of the addon into a promise, and its text into a failure with a code. */
function call(start: (done: (error: unknown, value?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(failureFrom(error));
      else resolve(value);
      runPromiseJobs();
    });
  });
}
