import { resolve } from 'node:path';
import { SimulatorError, SimulatorStateError, systemErrorCode } from '../errors.ts';
import { MAX_TRIES, type Persona } from '../persona.ts';
import { readTextIfPresent, writeFileAtomically } from '../storage/atomic-file.ts';
import { withFileLock } from '../storage/file-lock.ts';
import { freshRecords, type PinMemory, type PinRecord, type PinRecords } from './pin-memory.ts';

/** Marks our files; another number means another layout. */
const FORMAT = 'jpki-simulated-card-1';

/**
 * Keeps a card's counters and PINs in a JSON file (`sim:PERSONA@FILE`), made when it is not there. Every change is
 * made under a lock upon what the file says then, and is in the file before the card answers: two processes on one
 * file lose no try.
 *
 * @throws {SimulatorStateError} when the file cannot be read or written, is damaged, or belongs to another persona.
 */
export async function openStateFile(file: string, persona: Persona): Promise<PinMemory> {
  const path = resolve(file);
  const read = async () => parse(path, await readTextIfPresent(path), persona);
  const update = (change: (records: PinRecords) => PinRecords) =>
    guarded(path, () =>
      withFileLock(`${path}.lock`, async () => {
        const records = change((await read()) ?? freshRecords(persona));
        const state = { format: FORMAT, persona: persona.name, pins: records };
        await writeFileAtomically(path, `${JSON.stringify(state, undefined, 2)}\n`);
      }),
    );
  // Written once at the start: a file that cannot be kept is found out now, not after a try was spent.
  await update((records) => records);
  return { read: () => guarded(path, async () => (await read()) ?? freshRecords(persona)), update };
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    const code = systemErrorCode(error) ?? 'unknown error';
    throw new SimulatorStateError(path, `it cannot be read or written (${code})`, error);
  }
}

function parse(path: string, text: string | undefined, persona: Persona): PinRecords | undefined {
  if (text === undefined) return undefined;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new SimulatorStateError(path, 'it is damaged');
  }
  if (!isRecord(state) || state['format'] !== FORMAT || !isRecord(state['pins'])) {
    throw new SimulatorStateError(path, 'it is no state of a virtual card');
  }
  if (state['persona'] !== persona.name) throw new SimulatorStateError(path, 'it belongs to another persona');
  return parsePins(path, state['pins'], freshRecords(persona));
}

/** Exactly the PINs that the persona has, each within its bounds. */
function parsePins(path: string, pins: Readonly<Record<string, unknown>>, fresh: PinRecords): PinRecords {
  const record = (kind: 'sign' | 'auth'): PinRecord => {
    const value = pins[kind];
    if (!isRecord(value)) throw new SimulatorStateError(path, 'a PIN is missing in it');
    const { pin, triesLeft } = value;
    const fits = typeof pin === 'string' && /^[0-9A-Z]{1,16}$/.test(pin) && typeof triesLeft === 'number';
    if (!fits || !Number.isInteger(triesLeft) || triesLeft < 0 || triesLeft > MAX_TRIES[kind])
      throw new SimulatorStateError(path, 'a PIN or a counter in it is out of bounds');
    return { pin, triesLeft };
  };
  return {
    ...(fresh.sign && { sign: record('sign') }),
    ...(fresh.auth && { auth: record('auth') }),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
