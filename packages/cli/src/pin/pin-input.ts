import { read } from 'node:fs';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { normalizePin, type SecretReference } from '@jpki/applets/jpki';
import { Pin } from '@jpki/iso7816';
import { codeOf } from '../error-code.ts';
import { CliError, PinNeededError, UsageError } from '../errors.ts';
import type { CommonOptions } from '../options.ts';
import type { Program } from '../program.ts';

/** More than any PIN has; a longer input is too long, whatever follows. */
const MAX_INPUT = 256;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const readAsync = promisify(read);

/**
 * The PIN on a file descriptor, read and checked before any card is touched: a malformed one is refused with nothing
 * sent. `undefined` without a descriptor.
 *
 * @throws {PinFormatError}; {@link CliError} ERR_PIN_SOURCE.
 */
export async function givenPin(
  reference: SecretReference,
  descriptor: number | undefined,
  program: Program,
): Promise<Pin | undefined> {
  if (descriptor === undefined) return undefined;
  return checkedPin(reference, await readSecret(descriptor), program);
}

/** Makes a PIN of bytes, in the form the card compares. @throws {PinFormatError} when it cannot be one. */
export function checkedPin(
  reference: SecretReference,
  bytes: Uint8Array,
  { output, messages }: Program,
): Pin {
  const pin = Pin.fromBytes(bytes);
  try {
    if (normalizePin(reference, pin)) output.say(messages.sign.upperCased);
    return pin;
  } catch (error) {
    pin[Symbol.dispose]();
    throw error;
  }
}

/** @throws {PinNeededError} when a PIN will be needed and nobody may be asked; before a card is looked for. */
export function assertPinPossible({ noInput, card }: CommonOptions, given: Pin | undefined): void {
  if (given === undefined && noInput && !card.startsWith('sim:')) throw new PinNeededError();
}

/** Where `--pin-fd` or `--pin-stdin` says the PIN is. @throws {UsageError} for two sources; see {@link descriptorOf}. */
export function pinDescriptor({ pinFd, pinStdin, pinPad }: CommonOptions): number | undefined {
  if (pinPad && (pinFd !== undefined || pinStdin)) throw new UsageError('--pin-pad, --pin-fd, --pin-stdin');
  if (pinFd !== undefined && pinStdin) throw new UsageError('--pin-fd, --pin-stdin');
  return descriptorOf('--pin-fd', pinStdin ? 0 : pinFd);
}

/** A descriptor that a secret can be read from. @throws {UsageError}; {@link CliError} ERR_PIN_SOURCE for a terminal. */
export function descriptorOf(option: string, descriptor: number | undefined): number | undefined {
  if (descriptor === undefined) return undefined;
  if (!Number.isInteger(descriptor) || descriptor < 0) throw new UsageError(`${option} N`);
  if (descriptor === 1 || descriptor === 2) throw new UsageError(`${option} ${descriptor}`);
  // A terminal would show what is typed; without the option the prompt hides it.
  if (isatty(descriptor)) throw pinSource('it is a terminal');
  return descriptor;
}

function pinSource(reason: string, cause?: unknown): CliError {
  return new CliError('ERR_PIN_SOURCE', 'correct-command', { reason }, cause);
}

/** Reads to the end of the input; one trailing LF or CRLF belongs to the input, not to the PIN. */
export async function readSecret(descriptor: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(MAX_INPUT);
  try {
    const length = await fill(descriptor, buffer);
    const pin = buffer.subarray(0, length - trailingNewline(buffer, length));
    return Uint8Array.prototype.slice.call(pin);
  } finally {
    buffer.fill(0);
  }
}

function trailingNewline(buffer: Uint8Array, length: number): number {
  if (length === 0 || buffer[length - 1] !== LINE_FEED) return 0;
  return length > 1 && buffer[length - 2] === CARRIAGE_RETURN ? 2 : 1;
}

async function fill(descriptor: number, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const bytes = await readSome(descriptor, buffer, length);
    if (bytes === 0) break;
    length += bytes;
  }
  return length;
}

async function readSome(descriptor: number, buffer: Buffer, offset: number): Promise<number> {
  for (;;) {
    try {
      const { bytesRead } = await readAsync(descriptor, buffer, offset, buffer.length - offset, null);
      return bytesRead;
    } catch (cause) {
      const code = codeOf(cause) ?? '';
      // A non-blocking pipe with nothing in it yet.
      if (code !== 'EAGAIN') throw pinSource(code, cause);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
