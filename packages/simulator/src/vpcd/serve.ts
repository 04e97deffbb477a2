import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeFrame, FrameReader } from './frames.ts';

/** What can be put into a virtual reader: any `CardChannel`, better one that is told of its power. */
export interface ServedCard {
  readonly atr: Uint8Array;
  transmit(command: Uint8Array): Promise<Uint8Array>;
  powerOn?(): void;
  powerOff?(): void;
  /** Warm reset. */
  reset?(): void;
}

/** Which virtual reader, for how long, and whom to tell. */
export interface ServeOptions {
  /** Where the vpcd driver listens. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 35963, the driver's own (vsmartcard). */
  readonly port?: number;
  /** Ends the serving; `serveVpcd` then resolves. */
  readonly signal: AbortSignal;
  /** The reader has taken the card: it asked for the answer to reset for the first time on this connection. */
  readonly onConnected?: () => void;
  /** The reader that had taken the card is gone. */
  readonly onDisconnected?: () => void;
  /** There is no reader to connect to (yet); told once until there is one. */
  readonly onWaiting?: (error: unknown) => void;
}

/** Control frames of one byte (vsmartcard, virtualsmartcard/doc/api.txt). */
const Control = { POWER_OFF: 0x00, POWER_ON: 0x01, RESET: 0x02, GET_ATR: 0x04 } as const;

/** First and longest pause between two attempts to connect, ms; it doubles in between. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;

/**
 * Puts a card into the virtual reader of a real PC/SC service: a client of the vpcd driver. It connects again,
 * with growing pauses, whenever the service is gone, until `signal` is aborted; then it resolves.
 *
 * @throws whatever the card throws from `transmit`: a removed card is out of the reader.
 */
export async function serveVpcd(card: ServedCard, options: ServeOptions): Promise<void> {
  const { host = '127.0.0.1', port = 35_963, signal } = options;
  let pause = FIRST_PAUSE;
  let told = false;
  while (!signal.aborted) {
    try {
      const socket = await connected(host, port, signal);
      const taken = await serveConnection(card, socket, options);
      if (taken) {
        pause = FIRST_PAUSE;
        told = false;
      }
    } catch (error) {
      if (error instanceof CardFailure) throw error.cause;
      if (!signal.aborted && !told) options.onWaiting?.(error);
      told = true;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

/** Tells the card's own failure from one of the connection. */
class CardFailure extends Error {
  override readonly name = 'CardFailure';
}

async function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect', { signal });
    // An error ends the connection, which the reading side notices; without a listener it would end the process.
    socket.on('error', () => undefined);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Serves until the connection ends. @returns whether the reader had taken the card. */
async function serveConnection(card: ServedCard, socket: Socket, options: ServeOptions): Promise<boolean> {
  const { signal } = options;
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let taken = false;
  try {
    for await (const body of framesOf(socket)) {
      const answer = await answerTo(card, body);
      if (answer !== undefined) socket.write(encodeFrame(answer));
      if (isControl(body, Control.GET_ATR) && !taken) {
        taken = true;
        options.onConnected?.();
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
    card.powerOff?.();
    if (taken) options.onDisconnected?.();
  }
  return taken;
}

async function* framesOf(socket: Socket): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader();
  try {
    for await (const chunk of socket) {
      if (chunk instanceof Uint8Array) yield* reader.push(chunk);
    }
  } catch {
    // Reset by the service or destroyed by us: the connection is over in both cases.
  }
}

/** What the card says to a frame; nothing to a control frame without answer. */
async function answerTo(card: ServedCard, body: Uint8Array): Promise<Uint8Array | undefined> {
  if (body.length > 1) {
    try {
      return await card.transmit(body);
    } catch (cause) {
      throw new CardFailure('the card failed', { cause });
    }
  }
  if (isControl(body, Control.POWER_OFF)) card.powerOff?.();
  if (isControl(body, Control.POWER_ON)) card.powerOn?.();
  if (isControl(body, Control.RESET)) card.reset?.();
  return isControl(body, Control.GET_ATR) ? card.atr : undefined;
}

function isControl(body: Uint8Array, control: number): boolean {
  return body.length === 1 && body[0] === control;
}
