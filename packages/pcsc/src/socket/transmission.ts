import { ScardFailure } from '../binding.ts';
import { transmitForm } from './answers.ts';
import { HEADER, LONGEST_DATA, TRANSMIT, writeRequest } from './messages.ts';
import { SCARD_E_INSUFFICIENT_BUFFER } from './scard-codes.ts';
import type { ServiceConnection } from './service-connection.ts';
import { viewOf, writeNumber } from './struct.ts';

/** Bytes of `SCARD_IO_REQUEST` on a machine of 64 bits (pcsc-lite, `pcsclite.h`); the service hands it through. */
const PCI_LENGTH = 16;

/** Where the command begins. */
const DATA_OFFSET: number = HEADER.size + TRANSMIT.size;

/** Bytes of a short command, the usual case (ISO/IEC 7816-4). */
const SHORT_COMMAND = 261;

/**
 * Commands to one card. One request is used again and again: only its length and its data change, and both leave
 * in one write.
 */
export class Transmission {
  readonly #connection: ServiceConnection;
  readonly #card: number;
  #protocol: number;
  #request: Uint8Array;
  #view: DataView;

  constructor(connection: ServiceConnection, card: number, protocol: number) {
    this.#connection = connection;
    this.#card = card;
    this.#protocol = protocol;
    this.#request = this.#newRequest(SHORT_COMMAND);
    this.#view = viewOf(this.#request);
  }

  /** Tells the protocol that the card speaks from now on. */
  useProtocol(protocol: number): void {
    this.#protocol = protocol;
    this.#use(this.#newRequest(SHORT_COMMAND));
  }

  /**
   * Sends one command, once.
   *
   * @throws {ScardFailure} as a rejection, also for a command that is longer than any can be.
   */
  async send(command: Uint8Array): Promise<Uint8Array> {
    if (command.length > LONGEST_DATA) throw new ScardFailure(SCARD_E_INSUFFICIENT_BUFFER, TRANSMIT.call);
    const end = DATA_OFFSET + command.length;
    // While something is under way the request may not have left yet.
    if (end > this.#request.length || !this.#connection.idle) this.#use(this.#newRequest(command.length));
    const request = this.#request;
    writeNumber(this.#view, HEADER.size + TRANSMIT.offsets.sendLength, command.length);
    request.set(command, DATA_OFFSET);
    try {
      return await this.#connection.exchange(TRANSMIT.call, request.subarray(0, end), transmitForm);
    } finally {
      // A PIN does not stay in memory.
      request.fill(0, DATA_OFFSET, end);
    }
  }

  #use(request: Uint8Array): void {
    this.#request = request;
    this.#view = viewOf(request);
  }

  #newRequest(length: number): Uint8Array {
    const request = new Uint8Array(DATA_OFFSET + Math.max(length, SHORT_COMMAND));
    writeRequest(request, TRANSMIT, {
      card: this.#card,
      sendProtocol: this.#protocol,
      sendHeaderLength: PCI_LENGTH,
      receiveProtocol: this.#protocol,
      receiveHeaderLength: PCI_LENGTH,
      receiveLength: LONGEST_DATA,
    });
    return request;
  }
}
