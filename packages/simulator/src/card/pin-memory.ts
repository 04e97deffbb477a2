import type { Application, ApplicationName } from './application.ts';
import type { PinFile } from './elementary-file.ts';

/** One PIN or code as the card keeps it when its power is off. */
export interface PinRecord {
  /** ASCII. */
  readonly pin: string;
  /** 0 (blocked) to the maximum. */
  readonly triesLeft: number;
}

/** Name of a PIN or code: its application and file identifier, like `jpki/001B`. */
export type PinKey = `${ApplicationName}/${string}`;

/** The {@link PinKey} of a file. */
export function pinKey(application: ApplicationName, id: number): PinKey {
  return `${application}/${id.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What survives power-off; a PIN that the card has not is absent. */
export type PinRecords = Readonly<Partial<Record<PinKey, PinRecord>>>;

/** Where the counters and PINs are kept: in this process, or in a file that other processes change as well. */
export interface PinMemory {
  read(): Promise<PinRecords>;
  /** Replaces the records by `change` of the present ones, kept before it resolves. Nobody comes between. */
  update(change: (records: PinRecords) => PinRecords): Promise<void>;
}

/** Every PIN and code of a card. */
export function pinFiles(applications: readonly Application[]): ReadonlyMap<PinKey, PinFile> {
  const found = new Map<PinKey, PinFile>();
  for (const { name, files } of applications) {
    for (const [id, file] of files) if (file.kind === 'pin') found.set(pinKey(name, id), file);
  }
  return found;
}

/** The records of a card fresh from the municipality. */
export function freshRecords(pins: ReadonlyMap<PinKey, PinFile>): PinRecords {
  const records: Partial<Record<PinKey, PinRecord>> = {};
  for (const [key, { secret, triesLeft }] of pins) records[key] = { pin: secret, triesLeft };
  return records;
}

/** Records that live as long as this object. */
export function volatileMemory(fresh: PinRecords): PinMemory {
  let records = fresh;
  return {
    read: async () => records,
    update: async (change) => {
      records = change(records);
    },
  };
}
