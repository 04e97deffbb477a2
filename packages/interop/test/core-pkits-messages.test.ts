import { readdirSync, readFileSync } from 'node:fs';
import { readSignedData, verifySignedData } from '@jpki/core/cms';
import { anchorFromCertificate } from '@jpki/core/trust';
import { describe, expect, test } from 'vitest';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

/** The S/MIME messages of NIST PKITS: 224 signatures by somebody else's software. Paths are another matter. */

interface Mail {
  readonly signature: Uint8Array;
  /** The signed part with its line ends as they were signed (RFC 8551, 3.1.1: CR LF). */
  readonly content: Uint8Array;
}

function readMail(text: string): Mail {
  const [, boundary = ''] = text.match(/boundary="(.+?)"/) ?? [];
  const [, part = '', signature = ''] = text
    .split(`\n--${boundary}`)
    .map((piece) => piece.replace(/^\n/, ''));
  const base64 = signature.slice(signature.indexOf('\n\n'));
  return { signature: Buffer.from(base64, 'base64'), content: Buffer.from(part.replaceAll('\n', '\r\n')) };
}

describe('the S/MIME messages of PKITS', sharedRequirement('vectors', 'pkits'), () => {
  const folder = sharedPath('vectors', 'pkits', 'smime');
  const load = (name: string) => readMail(readFileSync(`${folder}/${name}`, 'utf8').replaceAll('\r\n', '\n'));
  const names = () => readdirSync(folder);
  const at = new Date(1_302_825_600_000);
  const judge = (name: string, change: (content: Uint8Array) => Uint8Array = (content) => content) => {
    const { signature, content } = load(name);
    const trust = [
      anchorFromCertificate(
        readFileSync(sharedPath('vectors', 'pkits', 'certs', 'TrustAnchorRootCertificate.crt')),
      ),
    ];
    const verdict = verifySignedData(readSignedData(signature), { trust, at, content: change(content) });
    return verdict.signatures.flatMap(({ findings }) => findings.map(({ code }) => code));
  };

  test('are read, all 224, and only what the anchor itself issued is without findings: no chain is guessed', () => {
    expect(names()).toHaveLength(224);
    // 4.8.15, 4.8.19 and 4.16.1: the holders that the trust anchor certified directly; PKITS wants them accepted.
    expect(names().filter((name) => judge(name).length === 0)).toEqual([
      'SignedUserNoticeQualifierTest15.eml',
      'SignedUserNoticeQualifierTest19.eml',
      'SignedValidUnknownNotCriticalCertificateExtensionTest1.eml',
    ]);
  });

  test('are intact, and one changed byte of the document shows in each', () => {
    const broken = [
      'CONTENT_CHANGED',
      'SIGNATURE_WRONG',
      'SIGNER_CERTIFICATE_SWAPPED',
      'SIGNER_CERTIFICATE_MISSING',
    ];
    const withDefects: string[] = [];
    for (const name of names()) {
      if (judge(name).some((code) => broken.includes(code))) withDefects.push(name);
      expect(
        judge(name, (content) => Buffer.concat([content, Buffer.from('x')])),
        name,
      ).toContain('CONTENT_CHANGED');
    }
    expect(withDefects).toEqual([]);
  });
});
