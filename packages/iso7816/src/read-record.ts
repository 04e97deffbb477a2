import { Ins } from './command.ts';
import type { FileTransmitter } from './read-binary.ts';
import { Sw } from './status.ts';
import { statusWordError } from './status-word-error.ts';

/** P2 of READ RECORD: P1 is the number of one record of the current EF (ISO/IEC 7816-4:2020, 11.3.3). */
const ONE_RECORD_OF_CURRENT_EF = 0x04;

/** Largest record number (ISO/IEC 7816-4:2020, 7.3.3). */
const LARGEST_RECORD = 0xfe;

/** READ RECORD `00 B2 nn 04 00` of the current EF. The record comes as it is stored, a simple TLV on this card. */
export async function readRecord(card: FileTransmitter, number: number): Promise<Uint8Array> {
  if (!Number.isInteger(number) || number < 1 || number > LARGEST_RECORD)
    throw new RangeError(`a record number lies between 1 and ${LARGEST_RECORD}`);
  const command = { cla: 0x00, ins: Ins.READ_RECORD, p1: number, p2: ONE_RECORD_OF_CURRENT_EF, le: 256 };
  const { data, sw } = await card.transmit(command);
  if (sw !== Sw.OK) throw statusWordError(sw, command);
  return data;
}
