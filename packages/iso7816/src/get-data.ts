import { EXTENDED_NE, Ins, SHORT_NE } from './command.ts';
import type { FileTransmitter } from './read-binary.ts';
import { Sw } from './status.ts';
import { statusWordError } from './status-word-error.ts';

/** GET DATA with a short Le, and once more with an extended one where the object is too large for that (6700, or 6Cxx). */
export async function getData(card: Pick<FileTransmitter, 'transmit'>, tag: number): Promise<Uint8Array> {
  if (!Number.isInteger(tag) || tag < 0 || tag > 0xffff)
    throw new RangeError('GET DATA takes a tag of two bytes');
  const command = { cla: 0x00, ins: Ins.GET_DATA, p1: tag >> 8, p2: tag & 0xff };
  let answer = await card.transmit({ ...command, le: SHORT_NE });
  if (answer.sw === Sw.WRONG_LENGTH || answer.sw >> 8 === 0x6c)
    answer = await card.transmit({ ...command, le: EXTENDED_NE, extended: true });
  if (answer.sw !== Sw.OK) throw statusWordError(answer.sw, command);
  return answer.data;
}
