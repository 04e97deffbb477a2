import type { CardChannel } from '@jpki/iso7816';
import type { Disposition, Pcsc } from '@jpki/pcsc';
import type { Holdings } from './card-worker-protocol.ts';
import { holdings } from './holdings.ts';

/** Share of the work after which a process has its full size: code compiled, buffers and pools made. */
const WARM_UP = 0.2;

/** What a process held when it was warm, and what at the end. */
export interface Endured {
  readonly warm: Holdings;
  readonly end: Holdings;
}

/** SELECT of the card manager, which changes nothing. */
const SELECT = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c, 7, 0xa0, 0, 0, 1, 0x51, 0, 0);

/** Sends a command so often. */
export function endureApdus(channel: CardChannel, count: number): Promise<Endured> {
  return endured(count, async () => {
    await channel.transmit(SELECT);
  });
}

/** Connects, sends a command and disconnects so often, the last `unpower` times with the card's power taken. */
export function endureConnections(
  pcsc: Pcsc,
  { reader, count, unpower }: { readonly reader: string; readonly count: number; readonly unpower: number },
): Promise<Endured> {
  return endured(count, async (round) => {
    const disposition: Disposition = round < count - unpower ? 'leave' : 'unpower';
    await using channel = await pcsc.connect(reader, { disposition });
    await channel.transmit(SELECT);
  });
}

async function endured(count: number, work: (round: number) => Promise<void>): Promise<Endured> {
  const warmAt = Math.floor(count * WARM_UP);
  let round = 0;
  for (; round < warmAt; round++) await work(round);
  const warm = await holdings();
  for (; round < count; round++) await work(round);
  return { warm, end: await holdings() };
}
