import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SimulatorError, SimulatorExportError, systemErrorCode } from '../errors.ts';
import type { CertificateKind, Generation, Persona } from '../persona.ts';
import { personas as builtIn } from '../personas/index.ts';
import { writeFileAtomically } from '../storage/atomic-file.ts';
import { CV_APPLICATIONS } from './cv-hierarchy.ts';
import type { SimulatorPki } from './simulator-pki.ts';

const KINDS: readonly CertificateKind[] = ['sign', 'auth'];
const GENERATIONS: readonly Generation[] = [1, 2, 3];

/** Everybody may read: nothing here is secret. */
const PUBLIC = 0o644;

/** Says what the keys are before anybody takes them for real ones. */
const CV_SOURCE =
  'SIMULATOR: CA keys of the card-verifiable certificates of simulated cards, made on this computer. ' +
  'Key ids begin with 9 where production has 5 and the test hierarchy 6. ' +
  'Never trust them where a real cardholder is decided upon. sha256 is over the 256 modulus bytes.';

/** What else to export. */
export interface ExportPkiOptions {
  /** Whose revoked certificates the CRLs list; the built-in personas by default. */
  readonly personas?: readonly Persona[];
}

/**
 * Writes what a verifier of simulated cards needs into a folder, made when there is none: of every CA
 * `simulator-KIND-ca-GENERATION.pem` and `.crl` (DER), and `cv-anchors.json` with the CA keys of card-verifiable
 * certificates. CAs and the revoked personas' certificates are made when there are none. Each file is replaced in
 * one step; other files are left alone.
 *
 * @returns the names of the files, in order.
 * @throws {SimulatorExportError} `ERR_SIM_EXPORT` when a file cannot be written; {@link SimulatorPkiError} when the PKI's
 * own folder cannot be used.
 */
export async function exportPki(
  pki: SimulatorPki,
  folder: string,
  { personas = builtIn }: ExportPkiOptions = {},
): Promise<string[]> {
  const target = resolve(folder);
  const names: string[] = [];
  const write = async (name: string, contents: string | Uint8Array) => {
    await writeFileAtomically(join(target, name), contents, PUBLIC);
    names.push(name);
  };
  try {
    await mkdir(target, { recursive: true });
    for (const kind of KINDS) {
      for (const generation of GENERATIONS) {
        const name = `simulator-${kind}-ca-${generation}`;
        await write(`${name}.crl`, await pki.revocationList(kind, generation, personas));
        await write(`${name}.pem`, pem(await pki.caCertificate(kind, generation)));
      }
    }
    await write('cv-anchors.json', await cvAnchors(pki));
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    throw new SimulatorExportError(target, systemErrorCode(error) ?? 'unknown error', error);
  }
  return names;
}

async function cvAnchors(pki: SimulatorPki): Promise<string> {
  const anchors = await Promise.all(CV_APPLICATIONS.map((application) => pki.cvAnchor(application)));
  return `${JSON.stringify({ source: CV_SOURCE, anchors }, undefined, 1)}\n`;
}

/** RFC 7468. */
function pem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
