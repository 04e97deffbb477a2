import { type Certificate, CoreError, type HolderAttributes, nameText } from '@jpki/core';

/** What is told of a signer. The certificate came with the signature: parts that cannot be read are absent. */
export interface SignerFacts {
  readonly name: string | undefined;
  readonly serial: string;
  readonly issuer: string | undefined;
  readonly address: string | undefined;
  readonly birthDate: string | undefined;
  readonly sex: HolderAttributes['sex'];
}

/** The signer's facts; `undefined` without a certificate. */
export function signerFacts(certificate: Certificate | undefined): SignerFacts | undefined {
  if (certificate === undefined) return undefined;
  const attributes = readable(() => certificate.holderAttributes());
  return {
    name: attributes?.name ?? readable(() => certificate.commonName),
    serial: certificate.serialNumberText,
    issuer: readable(() => nameText(certificate.issuer)),
    address: attributes?.address,
    birthDate: attributes?.birthDate,
    sex: attributes?.sex,
  };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
