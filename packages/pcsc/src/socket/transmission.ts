import { ScardFailure } from '../binding.ts';
import { SCARD_E_INSUFFICIENT_BUFFER } from '../scard/scard-numbers.ts';
import { transmitForm } from './answers.ts';
import { HEADER, LONGEST_DATA, TRANSMIT, writeRequest } from './messages.ts';
import type { ServiceConnection } from './service-connection.ts';
import { viewOf, writeNumber } from './struct.ts';

/** Bytes of `SCARD_IO_REQUEST` on a machine of 64 bits (pcsc-lite, `pcsclite.h`); the service hands it through. */
const PCI_LENGTH = 16;

/** Where the command begins. */
const DATA_OFFSET: number = HEADER.size + TRANSMIT.size;

/** Bytes of a short command, the usual case (ISO/IEC 7816-4). */
const SHORT_COMMAND = 261;

/** What is needed of the connection to the service. */
export type TransmissionConnection = Pick<ServiceConnection, 'idle' | 'hasUnsent' | 'exchange'>;

/**
 * Commands to one card. One request is used again and again: only its length and its data change, and both leave
 * in one write.
 */
export class Transmission {
  readonly #connection: TransmissionConnection;
  readonly #card: number;
  #protocol: number;
  /** A Buffer, since the socket would make one of every other array. */
  #request: Buffer;
  #view: DataView;
  /** The part of the request that was sent last: most commands are as long as the one before. */
  #message: Buffer;

  constructor(connection: TransmissionConnection, card: number, protocol: number) {
    this.#connection = connection;
    this.#card = card;
    this.#protocol = protocol;
    this.#request = this.#newRequest(SHORT_COMMAND);
    this.#view = viewOf(this.#request);
    this.#message = this.#request;
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
  send(command: Uint8Array): Promise<Uint8Array> {
    if (command.length > LONGEST_DATA) {
      return Promise.reject(new ScardFailure(SCARD_E_INSUFFICIENT_BUFFER, TRANSMIT.call));
    }
    const end = DATA_OFFSET + command.length;
    // While something is under way the request may not have left yet.
    if (end > this.#request.length || !this.#connection.idle) this.#use(this.#newRequest(command.length));
    if (end !== this.#message.length) this.#message = this.#request.subarray(0, end);
    const message = this.#message;
    writeNumber(this.#view, HEADER.size + TRANSMIT.offsets.sendLength, command.length);
    message.set(command, DATA_OFFSET);
    const answer = this.#connection.exchange(TRANSMIT.call, message, transmitForm);
    // A PIN does not stay in memory.
    const wipe = () => message.fill(0, DATA_OFFSET);
    if (this.#connection.hasUnsent) answer.then(wipe, wipe);
    else wipe();
    return answer;
  }

  #use(request: Buffer): void {
    this.#request = request;
    this.#view = viewOf(request);
    this.#message = request;
  }

  #newRequest(length: number): Buffer {
    const request = Buffer.alloc(DATA_OFFSET + Math.max(length, SHORT_COMMAND));
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
