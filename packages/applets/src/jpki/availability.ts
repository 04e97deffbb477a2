import type { CardSession } from '@jpki/iso7816';
import { CardDataInvalidError } from '../errors.ts';
import { AVAILABILITY_LENGTH, AVAILABLE, JpkiEf } from './layout.ts';

/** Which certificates the card says it holds. */
export interface Availability {
  readonly sign: boolean;
  readonly auth: boolean;
}

/** Reads EF 0008 in the selected application. */
export async function readAvailability(session: CardSession): Promise<Availability> {
  await session.selectEf(JpkiEf.AVAILABILITY);
  const [sign, auth] = await readStart(session, AVAILABILITY_LENGTH);
  return { sign: sign === AVAILABLE, auth: auth === AVAILABLE };
}

/** The first `length` bytes of the selected EF in one READ BINARY. */
export async function readStart(session: CardSession, length: number): Promise<Uint8Array> {
  const bytes = await session.readStart(length);
  if (bytes.length !== length)
    throw new CardDataInvalidError(`${bytes.length} bytes where ${length} were asked for`);
  return bytes;
}
