import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCertificate, type Signer, softwareSigner } from '@jpki/core';
import { anchorFromCertificate, type TrustAnchor } from '@jpki/core/trust';
import { openSimulatorPki, personaNamed, type SimulatorPki } from '@jpki/simulator';

/** A signer with a certificate of the JPKI profile, its CA, and both keys the way Node would import them. */
export interface Identity {
  readonly pki: SimulatorPki;
  readonly signer: Signer;
  readonly certificate: Buffer;
  readonly ca: Buffer;
  readonly anchor: TrustAnchor;
  readonly publicKey: KeyObject;
  readonly caKey: KeyObject;
}

/** Folder for files of this run; left to the system's own cleaning. */
export const workFolder: string = mkdtempSync(join(tmpdir(), 'jpki-bench-'));

/** Made once per run: the adult of the virtual cards, with a software copy of the card's signing key. */
export async function makeIdentity(): Promise<Identity> {
  const pki = await openSimulatorPki({ folder: join(workFolder, 'pki') });
  const key = await pki.holderKey(personaNamed('adult'), 'sign');
  if (key === undefined) throw new Error('the adult has a signing key');
  const certificate = Buffer.from(key.certificate);
  const ca = Buffer.from(key.caCertificate);
  return {
    pki,
    signer: softwareSigner({ privateKey: key.privateKey, certificate }),
    certificate,
    ca,
    anchor: anchorFromCertificate(ca, { hierarchy: 'simulator', purpose: 'sign' }),
    publicKey: createPublicKey(key.privateKey),
    caKey: readCertificate(ca).publicKey,
  };
}
