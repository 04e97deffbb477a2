import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCvAnchors } from '@jpki/applets';
import { anchorFromCertificate, type TrustAnchor } from '@jpki/core/trust';
import type { SimulatorPki } from '@jpki/simulator';
import type { PublicPki } from './scenario.ts';

/** `simulator-sign-ca-3.pem` */
const CA_FILE = /^simulator-(sign|auth)-ca-\d\.pem$/;
const CV_FILE = 'cv-anchors.json';

const SOURCE =
  'SIMULATOR: CA keys above the card-verifiable certificates in the traces beside this folder. Their private keys were ' +
  'thrown away. Never trust them where a real cardholder is decided upon.';

/** A file of the public part of a PKI. */
export interface PublicFile {
  readonly name: string;
  readonly text: string;
}

/** The CAs that there are, and nothing that is secret. */
export async function writePublicPki(pki: SimulatorPki): Promise<PublicFile[]> {
  const authorities = (await pki.anchors()).map(({ kind, generation, certificate }) => ({
    name: `simulator-${kind}-ca-${generation}.pem`,
    text: new X509Certificate(certificate).toString(),
  }));
  const anchors = await pki.cvAnchors();
  return [
    ...authorities,
    { name: CV_FILE, text: `${JSON.stringify({ source: SOURCE, anchors }, undefined, 1)}\n` },
  ];
}

/** Reads what {@link writePublicPki} made. */
export function readPublicPki(files: readonly PublicFile[]): PublicPki {
  const trust = files.flatMap(({ name, text }): TrustAnchor[] => {
    const purpose = CA_FILE.exec(name)?.[1];
    if (purpose !== 'sign' && purpose !== 'auth') return [];
    return [anchorFromCertificate(new X509Certificate(text).raw, { hierarchy: 'simulator', purpose })];
  });
  const anchors = files.find(({ name }) => name === CV_FILE);
  return { trust, cvAnchors: parseCvAnchors(JSON.parse(anchors?.text ?? '{}')) };
}

/** The same out of a folder. */
export function readPublicPkiFolder(folder: string): PublicPki {
  return readPublicPki(
    readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
  );
}
