import { JpkiApplication, type PinProvider } from '@jpki/applets';
import { buildSignedData } from '@jpki/core/cms';
import { Card, type CardChannel } from '@jpki/iso7816';

/** Signs a document with a card: the person is asked once, and the card is locked again in every way out. */
export async function signDocument(
  channel: CardChannel,
  document: Uint8Array,
  askForPin: PinProvider,
): Promise<Uint8Array> {
  await using card = new Card(channel);
  const { sign } = new JpkiApplication(card);
  return await sign.withSigner({ pin: askForPin }, (signer) => buildSignedData(document, [signer]));
}
