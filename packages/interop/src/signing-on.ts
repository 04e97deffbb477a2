import { JpkiApplication } from '@jpki/applets/jpki';
import { digestOf } from '@jpki/core';
import { Card, type CardChannel, Pin, toHex } from '@jpki/iso7816';
import { personaNamed } from '@jpki/simulator';
import { workerFailure } from './card-worker-failure.ts';
import type { SigningKey, SigningOutcome, WorkerFailure, WorkerSignature } from './card-worker-protocol.ts';

/** The PIN of the persona whose card is in the readers of these suites: invented, as the persona is. */
function pinFor(key: SigningKey): Pin {
  return Pin.fromBytes(new TextEncoder().encode(personaNamed('adult').pins[key] ?? ''));
}

/**
 * Signs a text with one VERIFY, and tells what became of it; never throws.
 *
 * @param verified waited for between VERIFY and the signature.
 */
export async function signingOn(
  channel: CardChannel,
  key: SigningKey,
  text: string,
  verified: () => Promise<void> | undefined = () => undefined,
): Promise<SigningOutcome> {
  let pinSent = false;
  let lockFailure: WorkerFailure | undefined;
  const options = {
    pin: pinFor(key),
    onTriesLeft: () => {
      pinSent = true;
    },
    onLockFailed: (error: unknown) => {
      lockFailure = workerFailure(error);
    },
  };
  const told = () => ({ pinSent, ...(lockFailure && { lockFailure }) });
  try {
    const made = await new JpkiApplication(new Card(channel))[key].withSigner(
      options,
      async (signer): Promise<WorkerSignature> => {
        await verified();
        const signature = await signer.sign('sha256', digestOf('sha256', new TextEncoder().encode(text)));
        return { signature: toHex(signature), certificate: toHex(signer.certificate) };
      },
    );
    return { ...told(), made };
  } catch (error) {
    return { ...told(), failure: workerFailure(error) };
  }
}
