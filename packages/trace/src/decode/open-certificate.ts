import { keyIdText, readCvCertificate } from '@jpki/applets';
import { type Certificate, nameText, readCertificate } from '@jpki/core';
import { toHex } from '@jpki/iso7816';
import { type DataNode, leaf } from './data-node.ts';
import { harmless, shortened } from './display-text.ts';
import type { Words } from './wording.ts';

/** Longest name shown; the longest JPKI name, a CRL distribution point, has about 150 characters. */
const MAX_NAME = 200;

const ISSUER: Words = { ja: '発行者', en: 'issuer' };
const SUBJECT: Words = { ja: '主体者', en: 'subject' };
const KEY: Words = { ja: '公開鍵', en: 'key' };

/** An X.509 certificate in its main fields, or `undefined` for other bytes. */
export function openCertificate(der: Uint8Array): readonly DataNode[] | undefined {
  const certificate = readOrNot(() => readCertificate(der));
  if (certificate === undefined) return undefined;
  return [
    leaf({ ja: '発行の番号', en: 'serial' }, shortened(certificate.serialNumberText, MAX_NAME)),
    leaf(ISSUER, text(certificate.issuer)),
    leaf(SUBJECT, text(certificate.subject)),
    leaf({ ja: '有効期間', en: 'valid' }, `${day(certificate.notBefore)} … ${day(certificate.notAfter)}`),
    leaf(KEY, keyText(certificate)),
  ];
}

/** A card-verifiable certificate (card-protocol.md 4.4), or `undefined` for other bytes. */
export function openCvCertificate(bytes: Uint8Array): readonly DataNode[] | undefined {
  const certificate = readOrNot(() => readCvCertificate(bytes));
  if (certificate === undefined) return undefined;
  const { issuer, subject, publicKey } = certificate;
  return [
    leaf(ISSUER, keyIdText(issuer)),
    leaf(SUBJECT, keyIdText(subject)),
    leaf(KEY, `RSA ${publicKey.asymmetricKeyDetails?.modulusLength ?? '?'}`),
  ];
}

/** Names come from a trace and end on a terminal. */
function text(name: Uint8Array): string {
  return shortened(harmless(readOrNot(() => nameText(name)) ?? toHex(name.subarray(0, 64))), MAX_NAME);
}

function keyText(certificate: Certificate): Words {
  const bits = readOrNot(() => certificate.publicKey.asymmetricKeyDetails?.modulusLength);
  return bits === undefined ? { ja: '読めない', en: 'cannot be read' } : `RSA ${bits}`;
}

/** Moment in UTC, to the second: the end of a day in Japan is 14:59:59. */
function day(time: number): string {
  return readOrNot(() => new Date(time).toISOString().replace('.000Z', 'Z')) ?? '?';
}

/** What `read` gives, or `undefined` when it throws: a trace may hold anything. */
function readOrNot<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
