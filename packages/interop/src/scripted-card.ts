import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** T=1 card with three historical bytes of no meaning (ISO/IEC 7816-3:2006, 8.2); the last byte is the check sum. */
const DEFAULT_ATR = Uint8Array.of(0x3b, 0x83, 0x81, 0x01, 0x4a, 0x50, 0x4b, 0x52);

/** Answers one command; `remove` takes the card away instead of an answer. */
export type Answer = (
  command: Uint8Array,
  card: ScriptedCard,
) => Uint8Array | 'remove' | Promise<Uint8Array | 'remove'>;

/** Control messages of vpcd: frames of one byte (vsmartcard, virtualsmartcard/src/vpcd/vpcd.h). */
const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const GET_ATR = 4;

/**
 * The smallest card a real pcscd takes for one: it answers commands with a function. It plugs into a vpcd slot
 * as a TCP client; frames are two bytes of length, most significant first, and the body.
 */
export class ScriptedCard implements AsyncDisposable {
  readonly atr: Uint8Array = DEFAULT_ATR;
  /** What the driver did with the card's power: `on`, `off`, `reset`. */
  readonly power: string[] = [];
  /** The commands that came, as they came. */
  readonly commands: Uint8Array[] = [];
  readonly #port: number;
  readonly #answer: Answer;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #last: Promise<void> = Promise.resolve();

  constructor(port: number, answer: Answer) {
    this.#port = port;
    this.#answer = answer;
  }

  /** Whether the card is in its slot: neither taken out nor thrown out by the end of the service. */
  get inserted(): boolean {
    return this.#socket !== undefined;
  }

  /** Plugs the card in. pcscd notices within about half a second. */
  async insert(): Promise<void> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    socket.on('data', (chunk) => this.#onData(socket, chunk));
    this.#received = Buffer.alloc(0);
    this.#socket = socket;
    await once(socket, 'connect');
  }

  /** Takes the card out, also in the middle of a command. */
  remove(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.remove();
    await this.#last;
  }

  #onData(socket: Socket, chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 2) {
      const end = 2 + this.#received.readUInt16BE(0);
      if (this.#received.length < end) return;
      const body = Uint8Array.from(this.#received.subarray(2, end));
      this.#received = this.#received.subarray(end);
      this.#last = this.#last.then(() => this.#onFrame(socket, body));
    }
  }

  async #onFrame(socket: Socket, body: Uint8Array): Promise<void> {
    const control = body.length === 1 ? body[0] : undefined;
    if (control === GET_ATR) return send(socket, this.atr);
    if (control === POWER_ON) this.power.push('on');
    else if (control === POWER_OFF) this.power.push('off');
    else if (control === RESET) this.power.push('reset');
    else {
      this.commands.push(body);
      const answer = await this.#answer(body, this);
      if (answer === 'remove') this.remove();
      else send(socket, answer);
    }
  }
}

/** Milliseconds in which another program does what it was asked to, on a machine that is busy with other work too. */
const LONGEST_WAIT = 60_000;

/** Waits until `condition` holds; for things that another program does in its own time. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeout: number = LONGEST_WAIT,
): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`nothing of the kind happened within ${timeout} ms`);
    await delay(20);
  }
}

function send(socket: Socket, body: Uint8Array): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  if (!socket.destroyed) socket.write(Buffer.concat([length, body]));
}
