import { Card, decodeCommand, fromHex, readTlv, readTlvs, toHex } from '@jpki/iso7816';
import { type OpenPcscOptions, openPcsc } from '@jpki/pcsc';

const SELECT_PIV = decodeCommand(fromHex('00A404000BA00000030800001000010000'));
const GET_CHUID = decodeCommand(fromHex('00CB3FFF055C035FC10200'));

/** The GUID of a PIV card or key (NIST SP 800-73-4, part 1, 3.1.2; commands: part 2, 3.1); needs no PIN. */
export async function pivGuid(readerName: string, options: OpenPcscOptions = {}): Promise<string> {
  await using pcsc = await openPcsc(options);
  await using card = new Card(await pcsc.connect(readerName));
  const chuid = await card.exclusive(async (session) => {
    await session.execute(SELECT_PIV);
    return session.execute(GET_CHUID);
  });
  const guid = readTlvs(readTlv(chuid).value).find(({ tag }) => tag === 0x34);
  return toHex(guid?.value ?? new Uint8Array());
}
