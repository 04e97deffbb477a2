import { X509Certificate } from 'node:crypto';
import { readCertificate } from '@jpki/core';
import forge from 'node-forge';
import * as pkijs from 'pkijs';
import type { Identity } from '../identity.ts';
import { sideBySide } from '../side-by-side.ts';
import { type Report, ratioOf } from '../subject.ts';

/** Reading a 署名用 certificate with its four attributes, against what a user would take instead. */
export async function certificateSubject({ certificate }: Identity): Promise<Report[]> {
  const copy = certificate.buffer.slice(
    certificate.byteOffset,
    certificate.byteOffset + certificate.length,
  ) as ArrayBuffer;
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
  const ours = 'jpki: read and four attributes';
  return [
    {
      title: `Parse a 署名用 certificate (${certificate.length} bytes)`,
      rows,
      goals: [
        {
          what: 'share of X509Certificate',
          value: ratioOf(rows, ours, 'node: X509Certificate'),
          goal: 1 / 30,
        },
        {
          what: 'share of pkijs 4',
          value: ratioOf(rows, ours, 'pkijs 4: Certificate.fromBER'),
          goal: 1 / 300,
        },
        {
          what: 'first key use, share of X509Certificate.publicKey',
          value: ratioOf(rows, 'jpki: read and import the key', 'node: X509Certificate and its key'),
          goal: 1 / 4,
        },
      ],
    },
  ];
}
