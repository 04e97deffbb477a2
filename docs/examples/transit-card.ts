import { Card, toHex } from '@jpki/iso7816';
import { type OpenPcscOptions, openPcsc } from '@jpki/pcsc';

/** The number of the next card on any contactless reader (PC/SC part 3, GET DATA); of a FeliCa transit card its IDm. */
export async function nextCardNumber(options: OpenPcscOptions = {}): Promise<string> {
  await using pcsc = await openPcsc(options);
  for await (const event of pcsc.watch()) {
    if (event.type !== 'card-inserted') continue;
    await using card = new Card(await pcsc.connect(event.readerName));
    const getData = { cla: 0xff, ins: 0xca, p1: 0x00, p2: 0x00, le: 256 };
    return toHex(await card.exclusive((session) => session.execute(getData)));
  }
  throw new Error('closed before a card came');
}
