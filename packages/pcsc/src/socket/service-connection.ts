import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { ScardFailure } from '../binding.ts';
import { PcscError } from '../errors.ts';
import {
  SCARD_E_CANCELLED,
  SCARD_E_NO_ACCESS,
  SCARD_E_NO_MEMORY,
  SCARD_E_NO_SERVICE,
  SCARD_F_COMM_ERROR,
} from '../scard/scard-numbers.ts';
import { type AwaitedReply, type ReplyForm, ReplyReader } from './reply-reader.ts';
import { serviceViolation } from './service-violation.ts';
import { viewOf } from './struct.ts';

/** Bytes that are read at once: more than the longest answer of a card, so that it is copied once only. */
const READ_SIZE = 66_000;

/**
 * Where all connections read to: what was read is copied out before anybody else's turn. It saves an allocation
 * of 64 KiB for every answer.
 */
let readBuffer: Uint8Array | undefined;

/** Why a connection ended: a SCARD code, which each call reports under its own name, or an error as it is. */
type End = { readonly scardCode: number; readonly cause?: unknown } | PcscError;

interface Waiting extends AwaitedReply {
  readonly call: string;
  readonly reject: (error: unknown) => void;
}

/**
 * One connection to pcscd. It answers in the order it is asked, and asks nothing itself. Keeps the process alive
 * while an answer is due, and at no other time.
 */
export class ServiceConnection {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #reader: ReplyReader = new ReplyReader(() => this.#waiting[0]);
  #end: End | undefined;
  #keepsAlive = true;

  /** Starts to connect and returns at once; whether it worked, the first exchange tells. */
  constructor(path: string) {
    readBuffer ??= new Uint8Array(READ_SIZE);
    this.#socket = connect({
      path,
      onread: {
        buffer: readBuffer,
        callback: (length, buffer) => {
          this.#received(buffer.subarray(0, length));
          return true;
        },
      },
    });
    let connected = false;
    this.#socket.once('connect', () => {
      connected = true;
    });
    this.#socket.on('error', (error) => {
      this.#fail(connected ? { scardCode: SCARD_F_COMM_ERROR, cause: error } : refusal(path, error));
    });
    const closed = () => this.#fail({ scardCode: SCARD_F_COMM_ERROR });
    this.#socket.on('end', closed);
    this.#socket.on('close', closed);
    this.#socket.unref();
  }

  /** True while nothing is under way. */
  get idle(): boolean {
    return this.#waiting.length === 0;
  }

  /** True while the socket has yet to take some of a request: its bytes are still needed. */
  get hasUnsent(): boolean {
    return this.#socket.writableLength > 0;
  }

  /**
   * Sends a request and waits for its answer. The request must not be changed before that, or while
   * {@link hasUnsent}.
   *
   * @throws {ScardFailure} as a rejection: the connection ended; and what `form` throws.
   * @throws {PcscError} as a rejection: the service broke its protocol.
   */
  exchange<T>(call: string, request: Uint8Array, form: ReplyForm<T>): Promise<T> {
    const reply = this.expect(call, form);
    this.send(request);
    return reply;
  }

  /** Sends a request whose answer somebody {@link expect}s already. */
  send(request: Uint8Array): void {
    if (!this.#end) this.#socket.write(request);
  }

  /** Waits for an answer to what was sent before, or for news that come unasked. */
  expect<T>(call: string, form: ReplyForm<T>): Promise<T> {
    const end = this.#end;
    if (end) return Promise.reject(failureOf(end, call));
    return new Promise((resolve, reject) => {
      const deliver = (bytes: Uint8Array) => {
        this.#waiting.shift();
        if (this.idle) this.#socket.unref();
        try {
          resolve(form.read(viewOf(bytes), bytes));
        } catch (error) {
          reject(error);
          // A failed call leaves the connection as it is; an answer that makes no sense does not.
          if (!(error instanceof ScardFailure)) throw error;
        }
      };
      if (this.idle && this.#keepsAlive) this.#socket.ref();
      this.#waiting.push({ call, form, reject, deliver });
    });
  }

  /** Ends the connection. What is still waited for is rejected as cancelled. */
  close(): void {
    this.#fail({ scardCode: SCARD_E_CANCELLED });
  }

  /** Whether an answer that is due keeps the process alive. What was sent reaches the service in either case. */
  keepAlive(keeps: boolean): void {
    this.#keepsAlive = keeps;
    if (keeps && !this.idle) this.#socket.ref();
    else this.#socket.unref();
  }

  #received(chunk: Uint8Array): void {
    if (this.#end) return;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(
        error instanceof PcscError
          ? error
          : serviceViolation(error instanceof Error ? error.message : String(error), error),
      );
    }
  }

  #fail(end: End): void {
    if (this.#end) return;
    this.#end = end;
    this.#socket.destroy();
    for (const { reject, call } of this.#waiting.splice(0)) reject(failureOf(end, call));
  }
}

function failureOf(end: End, call: string): Error {
  return end instanceof PcscError ? end : new ScardFailure(end.scardCode, call, end.cause);
}

/** Why the socket could not be connected to, from the system's error. */
function refusal(path: string, error: NodeJS.ErrnoException): End {
  const { code } = error;
  if (code === 'EACCES' || code === 'EPERM') return { scardCode: SCARD_E_NO_ACCESS, cause: error };
  // Our own process or machine has no more files to open; the service may be well.
  if (code === 'EMFILE' || code === 'ENFILE') return { scardCode: SCARD_E_NO_MEMORY, cause: error };
  if (code === 'ENOENT') return { scardCode: SCARD_E_NO_SERVICE, cause: error };
  if (!isOtherFile(path)) return { scardCode: SCARD_E_NO_SERVICE, cause: error };
  return new PcscError(`${path} is not the socket of a PC/SC service`, {
    code: 'ERR_PCSC_NO_SERVICE',
    remedy: 'start-service',
    cause: error,
  });
}

/** Connections are refused by the socket of a dead service, and just so by any file that is no socket. */
function isOtherFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isSocket() === false;
  } catch {
    return false;
  }
}
