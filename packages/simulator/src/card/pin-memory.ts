import { MAX_TRIES, type Persona } from '../persona.ts';
import type { CertificateKind } from '../test-pki/names.ts';

/** One PIN as the card keeps it when its power is off. */
export interface PinRecord {
  /** ASCII. */
  readonly pin: string;
  /** 0 (blocked) to the maximum. */
  readonly triesLeft: number;
}

/** What survives power-off, by PIN; a PIN that the card has not is absent. */
export type PinRecords = Readonly<Partial<Record<CertificateKind, PinRecord>>>;

/** Where the counters and PINs are kept: in this process, or in a file that other processes change as well. */
export interface PinMemory {
  read(): Promise<PinRecords>;
  /** Replaces the records by `change` of the present ones, kept before it resolves. Nobody comes between. */
  update(change: (records: PinRecords) => PinRecords): Promise<void>;
}

/** The records of a card fresh from the municipality. */
export function freshRecords({ pins, triesLeft }: Persona): PinRecords {
  const record = (kind: CertificateKind, pin: string): PinRecord => ({
    pin,
    triesLeft: triesLeft?.[kind] ?? MAX_TRIES[kind],
  });
  return {
    ...(pins.sign !== undefined && { sign: record('sign', pins.sign) }),
    ...(pins.auth !== undefined && { auth: record('auth', pins.auth) }),
  };
}

/** Records that live as long as this object. */
export function volatileMemory(persona: Persona): PinMemory {
  let records = freshRecords(persona);
  return {
    read: async () => records,
    update: async (change) => {
      records = change(records);
    },
  };
}
