import { Card, fromHex, readTlv, toHex } from '@jpki/iso7816';
import { type OpenPcscOptions, openPcsc } from '@jpki/pcsc';

/** The number of a German health card (ICCSN, in EF.GDO of gematik's gemSpec_eGK_ObjSys); needs no PIN. */
export async function healthCardNumber(readerName: string, options: OpenPcscOptions = {}): Promise<string> {
  await using pcsc = await openPcsc(options);
  await using card = new Card(await pcsc.connect(readerName));
  const gdo = await card.exclusive(async (session) => {
    await session.selectDf(fromHex('D2760001448000'));
    await session.selectEf(0x2f02);
    return session.readObject();
  });
  return toHex(readTlv(gdo).value);
}
