import type { JpkiApplication } from '@jpki/applets';
import { type Certificate, readCertificate } from '@jpki/core';
import type { OpenedCard } from './card/open-card.ts';
import { useCard } from './card/use-card.ts';
import { codeOf } from './error-code.ts';
import type { CommonOptions } from './options.ts';
import { PinSource } from './pin/pin-source.ts';
import type { Program } from './program.ts';

/** The four certificates of the JPKI application. */
export const CERTIFICATE_NAMES = ['auth', 'sign', 'auth-ca', 'sign-ca'] as const;

export type CertificateName = (typeof CERTIFICATE_NAMES)[number];

/** The key a certificate belongs to. */
export function keyOf(name: CertificateName): 'sign' | 'auth' {
  return name === 'sign' || name === 'sign-ca' ? 'sign' : 'auth';
}

/** A certificate off the card; with the one of its CA, where that was asked for. */
export interface CardCertificate {
  readonly certificate: Certificate;
  readonly ca: Certificate | undefined;
  /** When it was read: now, or the day of a replayed trace. */
  readonly at: Date;
}

export interface ReadRequest {
  readonly name: CertificateName;
  readonly withCa: boolean;
  readonly common: CommonOptions;
  readonly signal: AbortSignal;
}

/** Reads a certificate. The 署名用 one costs its password on every card, the 利用者証明用 one its PIN on some phones. */
export async function readCardCertificate(program: Program, request: ReadRequest): Promise<CardCertificate> {
  const { name, common, signal } = request;
  const key = keyOf(name);
  const readCa = async (application: JpkiApplication) =>
    readCertificate(await application[key].caCertificate({ signal }));
  if (name !== 'sign' && name !== 'auth') {
    return useCard(program, common, signal, async ({ application, card }) => {
      const ca = await readCa(application);
      return { certificate: ca, ca, at: card.circumstances.now() };
    });
  }
  // The password is read, and its form checked, before the card is touched.
  const pin = name === 'sign' ? await PinSource.prepare('sign', common, program) : undefined;
  return useCard(program, common, signal, async (opened) => {
    const ca = request.withCa ? await readCa(opened.application) : undefined;
    const der = pin ? await readWithPin(opened, pin, request) : await readAuth(program, opened, request);
    return { certificate: readCertificate(der), ca, at: opened.card.circumstances.now() };
  }).finally(() => pin?.[Symbol.dispose]());
}

function readWithPin(opened: OpenedCard, pin: PinSource, { name, signal }: ReadRequest): Promise<Uint8Array> {
  const key = opened.application[keyOf(name)];
  return pin.spend(opened, signal, (options) => key.certificate(options));
}

async function readAuth(program: Program, opened: OpenedCard, request: ReadRequest): Promise<Uint8Array> {
  try {
    return await opened.application.auth.certificate({ signal: request.signal });
  } catch (error) {
    if (codeOf(error) !== 'ERR_PIN_REQUIRED') throw error;
  }
  const pin = await PinSource.prepare('auth', request.common, program);
  try {
    return await readWithPin(opened, pin, request);
  } finally {
    pin[Symbol.dispose]();
  }
}
