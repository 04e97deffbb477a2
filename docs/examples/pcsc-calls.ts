/** What else can be done with readers and cards; the README of `@jpki/pcsc` shows these pieces. */
import { Card, type CardSession } from '@jpki/iso7816';
import { describeScardCode, type Pcsc, type PcscChannel, PcscError } from '@jpki/pcsc';

/** Tells what happens, until the signal. */
export async function tellEvents(
  pcsc: Pcsc,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  for await (const event of pcsc.watch({ signal })) {
    if (event.type === 'reader-added') say(`${event.reader.name} is there`);
    if (event.type === 'card-inserted') say(`a card is in ${event.readerName}`);
    if (event.type === 'service-stopped') say('waiting for the PC/SC service');
  }
}

/** Two commands that belong together. */
export function inOneHold(channel: PcscChannel, select: Uint8Array, read: Uint8Array): Promise<Uint8Array> {
  return channel.transaction(async () => {
    await channel.transmit(select);
    return channel.transmit(read);
  });
}

/** What a reader tells of itself, as bytes. */
export interface AboutReader {
  readonly vendor: Uint8Array;
  readonly properties: Uint8Array | undefined;
}

/** The reader itself, with or without a card in it. */
export async function aboutReader(pcsc: Pcsc, readerName: string): Promise<AboutReader> {
  await using reader = await pcsc.connect(readerName, { share: 'direct', disposition: 'leave' });
  const vendor = await reader.attribute('vendorName'); // or any number
  const features = await reader.features(); // 'verify-pin-direct' and others, each with its control code
  const properties = features.get('get-tlv-properties');
  return { vendor, properties: properties === undefined ? undefined : await reader.control(properties) };
}

/** What a person is told, and whether the program may simply try again. */
export function advice(error: unknown): string {
  if (!(error instanceof PcscError)) throw error;
  const known = error.scardCode === undefined ? undefined : describeScardCode(error.scardCode);
  return `${known?.advice.ja ?? error.message} (${error.code}, ${error.safeToRetry ? 'safe to retry' : 'look first'})`;
}

/** The same work on every card there is. */
export async function onAllCards<T>(
  pcsc: Pcsc,
  work: (session: CardSession) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const present = (await pcsc.readers()).filter(({ cardPresent }) => cardPresent);
  return Promise.allSettled(
    present.map(async ({ name }) => {
      await using card = new Card(await pcsc.connect(name));
      return await card.exclusive(work);
    }),
  );
}
