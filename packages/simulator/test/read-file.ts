import type { CardAtHand } from './card-at-hand.ts';

/** All physical bytes of an EF by its short identifier, by one extended READ BINARY. */
export async function readFile({ send }: CardAtHand, shortId: number): Promise<Buffer> {
  const answer = await send(`00B0${(0x80 + shortId).toString(16)}00000000`);
  if (!answer.endsWith('9000')) throw new Error(`the file cannot be read: ${answer}`);
  return Buffer.from(answer.slice(0, -4), 'hex');
}
