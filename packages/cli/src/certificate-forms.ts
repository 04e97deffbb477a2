import { type Certificate, nameText } from '@jpki/core';
import type { CardTexts } from './locales/texts.ts';

/** Ways to show a certificate. */
export const CERTIFICATE_FORMATS = ['text', 'pem', 'der', 'json'] as const;

/** PEM of a certificate (RFC 7468, 5). */
export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** A certificate for scripts. No 基本4情報: whoever wants them has the PEM. */
export function certificateDocument(certificate: Certificate): object {
  const { notBefore, notAfter } = certificate;
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serialNumberText,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    sha256: Buffer.from(certificate.fingerprint()).toString('hex'),
    pem: pemOf(certificate.der),
  };
}

/** A certificate for a person. */
export function certificateLines(certificate: Certificate, { labels }: CardTexts): string[] {
  const { notBefore, notAfter } = certificate;
  return [
    `${labels.subject}: ${nameText(certificate.subject)}`,
    `${labels.issuer}: ${nameText(certificate.issuer)}`,
    `${labels.serial}: ${certificate.serialNumberText}`,
    `${labels.period}: ${japaneseDate(notBefore)} – ${japaneseDate(notAfter)}`,
    `${labels.fingerprint}: ${Buffer.from(certificate.fingerprint()).toString('hex')}`,
  ];
}

/** Japan has no summer time: UTC+9, in milliseconds. */
const JST = 9 * 3_600_000;

/** The day in Japan at `time` (milliseconds since the epoch), `YYYY-MM-DD`: certificates begin and end by it. */
export function japaneseDate(time: number): string {
  return new Date(time + JST).toISOString().slice(0, 10);
}
