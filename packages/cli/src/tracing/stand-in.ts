import { JPKI_AID, JpkiEf } from '@jpki/applets';
import { digestInfo, readCertificate } from '@jpki/core';
import { prepareSignature, type SignatureRequest } from '@jpki/core/cms';
import { type CardChannel, readTlvHeader } from '@jpki/iso7816';
import { accessCodes, openSimulatorPki, openVirtualCard, personaNamed } from '@jpki/simulator';
import { type Equivalent, equivalentOf } from '@jpki/trace';

/** The virtual card whose content stands where a person's was. */
const PERSONA = 'adult';

/** Where a key's certificate lies. */
const CERTIFICATE_EF = { sign: JpkiEf.SIGN_CERTIFICATE, auth: JpkiEf.AUTH_CERTIFICATE } as const;

/** A virtual card that stands in for a person's in a trace that is to be replayed. */
export class StandIn implements AsyncDisposable {
  readonly equivalent: Equivalent;
  readonly #channel: CardChannel;
  /** What would have been signed with this card, by what was signed with the person's; DigestInfos, hex to bytes. */
  readonly #signed = new Map<string, Uint8Array>();

  private constructor(channel: CardChannel, equivalent: Equivalent) {
    this.#channel = channel;
    this.equivalent = {
      ...equivalent,
      dataToSign: ({ data }) => this.#signed.get(Buffer.from(data).toString('hex')),
    };
  }

  /** @throws {SimulatorPkiError} when the keys of the virtual cards cannot be kept. */
  static async open(): Promise<StandIn> {
    const persona = personaNamed(PERSONA);
    const channel = await openVirtualCard({ persona: PERSONA, pki: await openSimulatorPki() });
    const codes = accessCodes(persona);
    const numbers = codes && { 'number-a': codes.a, 'number-b': codes.b, birth: codes.birth };
    return new StandIn(channel, await equivalentOf(channel, { ...persona.pins, ...numbers }));
  }

  /**
   * Tells that this CMS signature is about to be made with the person's card. It names its signer's certificate, so a
   * program that had read the stand-in's would have had another digest signed.
   */
  expectSignature(key: 'sign' | 'auth', request: SignatureRequest): void {
    const certificate = this.#certificate(key);
    if (certificate === undefined) return;
    const own = prepareSignature(request);
    const other = prepareSignature({ ...request, certificate });
    const sent = Buffer.from(digestInfo(own.hash, own.toBeSigned)).toString('hex');
    this.#signed.set(sent, digestInfo(other.hash, other.toBeSigned));
  }

  #certificate(key: 'sign' | 'auth'): Uint8Array | undefined {
    const file = this.equivalent.file(JPKI_AID, CERTIFICATE_EF[key]);
    const header = file && readTlvHeader(file);
    return file && header && readCertificate(file.subarray(0, header.end)).der;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#channel[Symbol.asyncDispose]();
  }
}
