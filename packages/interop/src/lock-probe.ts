import { JPKI_AID, JpkiEf } from '@jpki/applets';
import { Card, Ins } from '@jpki/iso7816';
import type { Pcsc } from '@jpki/pcsc';

/**
 * What the card answers to who reads the certificate for signatures (署名用電子証明書) without its password: 6982 when it is
 * locked. The card is shared and left as it is.
 */
export async function signCertificateStatus(pcsc: Pcsc, readerName: string): Promise<number> {
  await using channel = await pcsc.connect(readerName, { share: 'shared', disposition: 'leave' });
  return await new Card(channel).exclusive(async (session) => {
    await session.selectDf(JPKI_AID);
    await session.selectEf(JpkiEf.SIGN_CERTIFICATE);
    return (await session.transmit({ cla: 0, ins: Ins.READ_BINARY, p1: 0, p2: 0, le: 1 })).sw;
  });
}
