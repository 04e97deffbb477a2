import { type CardSession, StatusWordError, Sw, TlvFormatError } from '@jpki/iso7816';
import { CardDataInvalidError, PinRequiredError } from './errors.ts';
import type { SecretReference } from './secret-reference.ts';

/** A file to be read, for errors. */
export interface FileToRead {
  readonly ef: number;
  /** The secret that opens it; PIN if several do. */
  readonly reference: SecretReference;
}

/** Selects an EF and reads the data object at its start. */
export function readObject(session: CardSession, file: FileToRead): Promise<Uint8Array> {
  return named(file, async () => {
    await session.selectEf(file.ef);
    return session.readObject();
  });
}

/** Selects an EF and reads the whole of it, filler included; it has less than 256 bytes. */
export function readSmallFile(session: CardSession, file: FileToRead): Promise<Uint8Array> {
  return named(file, async () => {
    await session.selectEf(file.ef);
    return session.readStart();
  });
}

/**
 * Selects an EF and reads its first `length` bytes in one READ BINARY.
 *
 * @throws {CardDataInvalidError} when the file is shorter; {@link StatusWordError} when it is not there or protected.
 */
export async function readLeadingBytes(
  session: CardSession,
  ef: number,
  length: number,
): Promise<Uint8Array> {
  await session.selectEf(ef);
  const bytes = await session.readStart(length);
  if (bytes.length !== length)
    throw new CardDataInvalidError(`${bytes.length} bytes where ${length} were asked for`);
  return bytes;
}

/**
 * @throws {PinRequiredError} when the file is protected; {@link CardDataInvalidError} when it is not there or holds no
 * data object.
 */
async function named<T>({ ef, reference }: FileToRead, read: () => Promise<T>): Promise<T> {
  const name = ef.toString(16).toUpperCase().padStart(4, '0');
  try {
    return await read();
  } catch (error) {
    if (error instanceof TlvFormatError)
      throw new CardDataInvalidError(`file ${name} holds no data object`, error);
    if (!(error instanceof StatusWordError)) throw error;
    if (error.sw === Sw.SECURITY_STATUS_NOT_SATISFIED) throw new PinRequiredError(reference, error);
    if (error.sw === Sw.FILE_NOT_FOUND) throw new CardDataInvalidError(`file ${name} is not there`, error);
    throw error;
  }
}
