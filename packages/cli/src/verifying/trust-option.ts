import type { CvAnchor } from '@jpki/applets';
import { anchorFromCertificate, productionAnchors, type Trust, testAnchors } from '@jpki/core/trust';
import { FileError } from '../errors.ts';
import { readSmallFile } from '../file-source.ts';

/** A folder's worth of CA certificates; more is a mistake. */
const MAX_TRUST_FILE = 1 << 20;

/**
 * The CA certificates that `--trust` names, `production` when it is absent. A JSON of card-certificate keys is as good as
 * any other file, and has none.
 *
 * @throws {FileError} when a file cannot be read or holds neither.
 */
export async function trustFrom(names: readonly string[]): Promise<Trust> {
  const trust = await Promise.all((names.length === 0 ? ['production'] : names).map(anchorsOf));
  return trust.flat();
}

/** The CA keys of card-verifiable certificates that `--trust` names: the other half of {@link trustFrom}. */
export async function cvTrustFrom(names: readonly string[]): Promise<readonly CvAnchor[]> {
  const trust = await Promise.all((names.length === 0 ? ['production'] : names).map(cvAnchorsOf));
  return trust.flat();
}

async function anchorsOf(name: string): Promise<Trust> {
  if (name === 'production') return productionAnchors();
  if (name === 'test') return testAnchors();
  if (name === 'simulator') return simulatorAnchors();
  return (await anchorsFromFile(name)).certificates;
}

async function cvAnchorsOf(name: string): Promise<readonly CvAnchor[]> {
  const { parseCvAnchors, productionCvAnchors, testCvAnchors } = await import('@jpki/applets');
  if (name === 'production') return productionCvAnchors();
  if (name === 'test') return testCvAnchors();
  if (name !== 'simulator') return (await anchorsFromFile(name)).keys;
  const { openSimulatorPki } = await import('@jpki/simulator/test-pki');
  const pki = await openSimulatorPki();
  // Those that a card's records hang under, made when there are none: this is asked before the card is.
  const anchors = [await pki.cvAnchor('text'), await pki.cvAnchor('visual')];
  return parseCvAnchors({ anchors });
}

async function simulatorAnchors(): Promise<Trust> {
  const { openSimulatorPki } = await import('@jpki/simulator/test-pki');
  const pki = await openSimulatorPki();
  const anchors = await pki.anchors();
  return anchors.map(({ certificate, kind, generation }) =>
    anchorFromCertificate(certificate, { hierarchy: 'simulator', purpose: kind, generation }),
  );
}

interface FileAnchors {
  readonly certificates: Trust;
  readonly keys: readonly CvAnchor[];
}

async function anchorsFromFile(path: string): Promise<FileAnchors> {
  const text = Buffer.from(readSmallFile(path, MAX_TRUST_FILE)).toString('utf8');
  if (text.trimStart().startsWith('{')) return { certificates: [], keys: await keysFromJson(path, text) };
  return { certificates: certificatesFromPem(path, text), keys: [] };
}

/** Every key in the file is trusted, whatever hierarchy it says it has. */
async function keysFromJson(path: string, text: string): Promise<readonly CvAnchor[]> {
  const { parseCvAnchors } = await import('@jpki/applets');
  try {
    return parseCvAnchors(JSON.parse(text));
  } catch (cause) {
    throw new FileError('ERR_FILE_FORMAT', path, cause instanceof Error ? cause.message : '');
  }
}

function certificatesFromPem(path: string, text: string): Trust {
  const blocks = [
    ...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g),
  ];
  if (blocks.length === 0) throw new FileError('ERR_FILE_FORMAT', path, 'no PEM certificate');
  return blocks.map(([, base64 = '']) => {
    try {
      return anchorFromCertificate(Buffer.from(base64, 'base64'));
    } catch (cause) {
      throw new FileError('ERR_FILE_FORMAT', path, cause instanceof Error ? cause.message : '');
    }
  });
}
