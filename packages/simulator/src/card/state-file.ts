import { resolve } from 'node:path';
import { SimulatorError, SimulatorStateError, systemErrorCode } from '../errors.ts';
import { readTextIfPresent, writeFileAtomically } from '../storage/atomic-file.ts';
import { withFileLock } from '../storage/file-lock.ts';
import type { PinFile } from './elementary-file.ts';
import { freshRecords, type PinKey, type PinMemory, type PinRecord, type PinRecords } from './pin-memory.ts';

/** Marks our files; another number means another layout. */
const FORMAT = 'jpki-simulated-card-2';

/** Whose counters a file keeps. */
export interface StateOwner {
  readonly persona: string;
  readonly pins: ReadonlyMap<PinKey, PinFile>;
}

/**
 * Keeps a card's counters and PINs in a JSON file (`sim:PERSONA@FILE`), made when it is not there. Every change is
 * made under a lock upon what the file says then, and is in the file before the card answers: two processes on one
 * file lose no try.
 *
 * @throws {SimulatorStateError} when the file cannot be read or written, is damaged, or belongs to another persona.
 */
export async function openStateFile(file: string, owner: StateOwner): Promise<PinMemory> {
  const path = resolve(file);
  const fresh = freshRecords(owner.pins);
  const read = async () => parse(path, await readTextIfPresent(path), owner) ?? fresh;
  const update = (change: (records: PinRecords) => PinRecords) =>
    guarded(path, () =>
      withFileLock(`${path}.lock`, async () => {
        const pins = written(change(await read()), owner);
        const state = { format: FORMAT, persona: owner.persona, pins };
        await writeFileAtomically(path, `${JSON.stringify(state, undefined, 2)}\n`);
      }),
    );
  // Written once at the start: a file that cannot be kept is found out now, not after a try was spent.
  await update((records) => records);
  return { read: () => guarded(path, read), update };
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

/** Codes that nobody changes are not written: they follow the dates on the card, which move. */
function written(records: PinRecords, { pins }: StateOwner): Record<string, Partial<PinRecord>> {
  const entries: Record<string, Partial<PinRecord>> = {};
  for (const [key, { change }] of pins) {
    const record = records[key];
    if (record === undefined) throw new TypeError('a PIN without its record');
    entries[key] = change === undefined ? { triesLeft: record.triesLeft } : record;
  }
  return entries;
}

function parse(path: string, text: string | undefined, owner: StateOwner): PinRecords | undefined {
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
  if (state['persona'] !== owner.persona)
    throw new SimulatorStateError(path, 'it belongs to another persona');
  const records: Partial<Record<PinKey, PinRecord>> = {};
  for (const [key, file] of owner.pins) records[key] = parsePin(path, state['pins'][key], file);
  return records;
}

function parsePin(path: string, value: unknown, file: PinFile): PinRecord {
  if (!isRecord(value)) throw new SimulatorStateError(path, 'a PIN is missing in it');
  const { triesLeft } = value;
  const pin = file.change === undefined ? file.secret : value['pin'];
  const fits = typeof pin === 'string' && /^[0-9A-Z]{0,16}$/.test(pin) && typeof triesLeft === 'number';
  if (!fits || !Number.isInteger(triesLeft) || triesLeft < 0 || triesLeft > file.maxTries)
    throw new SimulatorStateError(path, 'a PIN or a counter in it is out of bounds');
  return { pin, triesLeft };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
