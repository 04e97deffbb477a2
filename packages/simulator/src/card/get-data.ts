import type { CommandApdu } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import { refuse } from './refusal.ts';

/** GET DATA, `00 CA P1 P2` (card-protocol.md 1.4). */
export async function getData(state: CardState, { p1, p2, data, le }: CommandApdu): Promise<Uint8Array> {
  const { variants, contents, application } = state;
  if (data !== undefined || le === undefined) return refuse(variants.wrongLength);
  const object = contents.dataObjects.get((p1 << 8) | p2);
  const place = application === undefined ? 'card-manager' : 'application';
  if (object === undefined || (object.place !== place && object.place !== 'everywhere'))
    return refuse(place === 'application' ? variants.dataObjectInApplication : variants.dataObjectAbsent);
  const bytes = await object.contents();
  return bytes.length > le ? refuse(variants.largeObjectShortLe) : bytes;
}
