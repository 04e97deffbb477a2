import type { CardSession } from '@jpki/iso7816';
import { readLeadingBytes } from '../reading.ts';
import { AVAILABILITY_LENGTH, AVAILABLE, JpkiEf } from './layout.ts';

/** Which certificates the card says it holds. */
export interface Availability {
  readonly sign: boolean;
  readonly auth: boolean;
}

/** Reads EF 0008 in the selected application. */
export async function readAvailability(session: CardSession): Promise<Availability> {
  const [sign, auth] = await readLeadingBytes(session, JpkiEf.AVAILABILITY, AVAILABILITY_LENGTH);
  return { sign: sign === AVAILABLE, auth: auth === AVAILABLE };
}
