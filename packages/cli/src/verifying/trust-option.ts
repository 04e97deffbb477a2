import { anchorFromCertificate, productionAnchors, type Trust, testAnchors } from '@jpki/core/trust';
import { FileError, NotInThisVersionError } from '../errors.ts';
import { readSmallFile } from '../file-source.ts';

/** A folder's worth of CA certificates; more is a mistake. */
const MAX_TRUST_FILE = 1 << 20;

/**
 * The anchors that `--trust` names, `production` when it is absent.
 *
 * @throws {FileError} when a file cannot be read or holds no CA certificate;
 * {@link NotInThisVersionError} for the JSON of card-certificate keys, which no command of this version uses.
 */
export async function trustFrom(names: readonly string[]): Promise<Trust> {
  const trust = await Promise.all((names.length === 0 ? ['production'] : names).map(anchorsOf));
  return trust.flat();
}

async function anchorsOf(name: string): Promise<Trust> {
  if (name === 'production') return productionAnchors();
  if (name === 'test') return testAnchors();
  if (name === 'simulator') return simulatorAnchors();
  return anchorsFromFile(name);
}

async function simulatorAnchors(): Promise<Trust> {
  const { openSimulatorPki } = await import('@jpki/simulator');
  const pki = await openSimulatorPki();
  const anchors = await pki.anchors();
  return anchors.map(({ certificate, kind, generation }) =>
    anchorFromCertificate(certificate, { hierarchy: 'simulator', purpose: kind, generation }),
  );
}

function anchorsFromFile(path: string): Trust {
  const text = Buffer.from(readSmallFile(path, MAX_TRUST_FILE)).toString('latin1');
  if (text.trimStart().startsWith('{')) throw new NotInThisVersionError(`--trust ${path} (JSON)`);
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
