import { EventEmitter } from 'node:events';
import type { ObservedReader, PcscBinding, ReaderObservation } from '../src/binding.ts';
import { pcscliteBinding } from '../src/pcsclite/pcsclite-binding.ts';

/** What was done to the addon since {@link start}; its readers are made by the binding, so that it is kept here. */
export const log: string[] = [];

/** What connecting fails with, as the addon words it. */
export const failing: { connect: string | undefined } = { connect: undefined };

/** The addon's reader, as far as these tests go; it answers in the way of the real one. */
class AddonReader extends EventEmitter {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
    log.push(`new ${name}`);
  }

  get_status(callback: (error: unknown, state: number) => void): void {
    setImmediate(() => callback(undefined, 0x12));
  }

  close(): void {
    log.push(`close ${this.name}`);
  }

  connect(
    options: { share_mode: number; protocol: number },
    done: (error: unknown, value?: number) => void,
  ): void {
    log.push(`connect ${options.share_mode} ${options.protocol}`);
    setImmediate(() => (failing.connect ? done(new Error(failing.connect)) : done(null, 2)));
  }

  disconnect(disposition: number, done: (error: unknown) => void): void {
    log.push(`disconnect ${disposition}`);
    setImmediate(() => done(null));
  }

  transmit(
    command: Buffer,
    length: number,
    protocol: number,
    done: (error: unknown, answer: Buffer) => void,
  ): void {
    log.push(`transmit ${command.toString('hex')} ${length} ${protocol}`);
    setImmediate(() => done(null, Buffer.of(0x90, 0x00)));
  }

  control(input: Buffer, code: number, length: number, done: (error: unknown, answer: Buffer) => void): void {
    // The addon reads the buffer later, in another thread, and keeps no reference to it.
    setImmediate(() => {
      log.push(`control ${code.toString(16)} ${input.toString('hex')} ${length}`);
      done(null, Buffer.of(0x01, 0x02));
    });
  }
}

/** The addon's context: it starts itself on the next tick, and lists its readers in the callback of `start`. */
class AddonContext extends EventEmitter {
  readonly readers: readonly AddonReader[];
  inListener = false;

  constructor(names: readonly string[]) {
    super();
    this.readers = names.map((name) => new AddonReader(name));
    process.nextTick(() => {
      this.start(() => {
        for (const reader of this.readers) this.emit('reader', reader);
      });
    });
  }

  start(callback: (error: unknown, names: unknown) => void): void {
    setImmediate(() => callback(undefined, ''));
  }

  close(): void {
    if (this.inListener) throw new Error('the real addon would wait for itself here, for ever');
    log.push('close context');
    // Without a listener this would end the process.
    this.emit('error', new Error('SCardGetStatusChange error: Command cancelled.(0x80100002)'));
  }

  status(index: number, status: { state: number; atr?: Buffer }): void {
    this.inListener = true;
    this.readers[index]?.emit('status', status);
    this.inListener = false;
  }
}

/** What a test has in hand. */
export interface Started {
  readonly binding: PcscBinding;
  readonly context: AddonContext;
  readonly observation: ReaderObservation;
  readonly updates: readonly (readonly ObservedReader[])[];
  readonly lost: readonly unknown[];
  /** Resolves when the addon has told its readers. */
  readonly listed: () => Promise<void>;
}

/** A binding on an addon with these readers, observed; `log` begins anew. */
export function start(...names: string[]): Started {
  log.length = 0;
  failing.connect = undefined;
  const context = new AddonContext(names);
  log.length = 0;
  const updates: (readonly ObservedReader[])[] = [];
  const lost: unknown[] = [];
  const binding = pcscliteBinding(() => () => context);
  const observation = binding.observe({
    update: (readers) => updates.push(readers),
    lost: (error) => lost.push(error),
  });
  const listed = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { binding, context, observation, updates, lost, listed };
}
