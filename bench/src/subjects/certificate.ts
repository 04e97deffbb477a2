import { X509Certificate } from 'node:crypto';
import { readCertificate } from '@jpki/core';
import forge from 'node-forge';
import * as pkijs from 'pkijs';
import type { Identity } from '../identity.ts';
import { sideBySide } from '../side-by-side.ts';
import { type Report, ratioOf } from '../subject.ts';

/** Reading a 署名用 certificate with its four attributes, against what a user would take instead. */
export async function certificateSubject({ certificate }: Identity): Promise<Report[]> {
  const copy = new Uint8Array(certificate).buffer;
  const rows = await sideBySide({
    'jpki: read and four attributes': () => readCertificate(certificate).holderAttributes(),
    'jpki: read': () => readCertificate(certificate),
    'jpki: read and import the key': () => readCertificate(certificate).publicKey,
    'node: X509Certificate': () => new X509Certificate(certificate),
    'node: X509Certificate and its key': () => new X509Certificate(certificate).publicKey,
    'node-forge: certificateFromAsn1': () =>
      forge.pki.certificateFromAsn1(
        forge.asn1.fromDer(forge.util.createBuffer(certificate.toString('latin1'))),
      ),
    'pkijs 4: Certificate.fromBER': () => pkijs.Certificate.fromBER(copy),
  });
  const share = (of: string, peer: string, goal: number) => ({
    what: `share ${of}`,
    value: ratioOf(rows, 'jpki: read and four attributes', peer),
    goal,
  });
  return [
    {
      title: `Parse a 署名用 certificate (${certificate.length} bytes)`,
      rows,
      goals: [
        share('of X509Certificate', 'node: X509Certificate', 1 / 30),
        share('of pkijs 4', 'pkijs 4: Certificate.fromBER', 1 / 300),
        {
          what: 'first key use, share of X509Certificate.publicKey',
          value: ratioOf(rows, 'jpki: read and import the key', 'node: X509Certificate and its key'),
          goal: 1 / 4,
        },
      ],
    },
  ];
}
