import { dottedOid } from '../der/oid.ts';
import { standsOn } from '../der/oid-table.ts';
import type { DerReader } from '../der/reader.ts';
import { contextPrimitive, Tag } from '../der/tags.ts';
import { CertificateFormatError } from '../errors.ts';

/** Bits of keyUsage (RFC 5280, 4.2.1.3), as they stand in the first byte of the BIT STRING. */
export const KeyUsage = {
  digitalSignature: 0x80,
  nonRepudiation: 0x40,
  keyCertSign: 0x04,
  cRLSign: 0x02,
} as const;

/** Extensions whose meaning this library applies, by the last byte of their identifier 2.5.29.x (RFC 5280, 4.2). */
const KNOWN = {
  subjectKeyIdentifier: 14,
  keyUsage: 15,
  subjectAltName: 17,
  issuerAltName: 18,
  basicConstraints: 19,
  cRLDistributionPoints: 31,
  certificatePolicies: 32,
  authorityKeyIdentifier: 35,
  extKeyUsage: 37,
} as const;

export type ExtensionName = keyof typeof KNOWN;

const NAME_BY_BYTE: ReadonlyArray<ExtensionName | undefined> = Array.from({ length: 38 }, (_, byte) =>
  (Object.keys(KNOWN) as ExtensionName[]).find((name) => KNOWN[name] === byte),
);

/** Most extensions of one certificate; JPKI certificates have seven or eight. */
const MAX_EXTENSIONS = 64;

/** The extensions of a certificate: values of the known ones as views, and whether an unknown one is critical. */
export class Extensions {
  /** By {@link KNOWN}: readers that stand on the extension's value, so that none is copied before it is asked for. */
  readonly #values = new Array<DerReader | undefined>(NAME_BY_BYTE.length);
  /** Identifiers of the other extensions. */
  readonly #unknown: string[] = [];
  /** A critical extension that this library does not know: the certificate must be refused (RFC 5280, 4.2). */
  unknownCritical = false;

  /** Value of an extension (the contents of its OCTET STRING), or `undefined`. */
  get(name: ExtensionName): Uint8Array | undefined {
    return this.#values[KNOWN[name]]?.contents;
  }

  /** Reads the contents of the `[3]` field of a TBSCertificate. */
  static read(field: DerReader): Extensions {
    const extensions = new Extensions();
    const list = field.expect(Tag.SEQUENCE).enter();
    field.finish();
    for (let count = 0; list.more; count++) {
      if (count === MAX_EXTENSIONS) throw new CertificateFormatError('too many extensions');
      extensions.#add(list.expect(Tag.SEQUENCE).enter());
    }
    return extensions;
  }

  #add(extension: DerReader): void {
    const { bytes, start, end } = extension.expect(Tag.OBJECT_IDENTIFIER);
    const is2529 = end - start === 3 && bytes[start] === 0x55 && bytes[start + 1] === 0x1d;
    const number = is2529 ? (bytes[start + 2] as number) : -1;
    const name = NAME_BY_BYTE[number];
    const critical = extension.peek === Tag.BOOLEAN && extension.boolean();
    extension.expect(Tag.OCTET_STRING).finish();
    if (name === undefined)
      this.#addUnknown(Buffer.from(bytes.subarray(start, end)).toString('hex'), critical);
    else if (this.#values[number] !== undefined) throw new CertificateFormatError(`two ${name} extensions`);
    else this.#values[number] = extension;
  }

  #addUnknown(key: string, critical: boolean): void {
    if (this.#unknown.includes(key)) throw new CertificateFormatError('two extensions of one kind');
    this.#unknown.push(key);
    this.unknownCritical ||= critical;
  }

  /** A reader on the one element that an extension's value must be. */
  #value(name: ExtensionName, tag: number): DerReader | undefined {
    const reader = this.#values[KNOWN[name]]?.enter().expect(tag);
    if (reader === undefined) return undefined;
    reader.finish();
    return reader;
  }

  /**
   * First byte of keyUsage, see {@link KeyUsage}; `undefined` when the extension is absent.
   *
   * @throws {CoreError} when it is malformed, as do all the methods below.
   */
  keyUsage(): number | undefined {
    const bits = this.#value('keyUsage', Tag.BIT_STRING)?.contents;
    if (bits === undefined) return undefined;
    const [unused = 8, first] = bits;
    if (first === undefined || unused > 7) throw new CertificateFormatError('keyUsage is empty');
    return first;
  }

  /** cA of basicConstraints; false when the extension is absent. */
  isCa(): boolean {
    const fields = this.#value('basicConstraints', Tag.SEQUENCE)?.enter();
    return fields?.peek === Tag.BOOLEAN && fields.boolean();
  }

  subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#value('subjectKeyIdentifier', Tag.OCTET_STRING)?.contents;
  }

  /** keyIdentifier of authorityKeyIdentifier. */
  authorityKeyIdentifier(): Uint8Array | undefined {
    const fields = this.#value('authorityKeyIdentifier', Tag.SEQUENCE)?.enter();
    return fields?.optional(contextPrimitive(0)) ? fields.contents : undefined;
  }

  /** Object identifiers of certificatePolicies, dotted. */
  policies(): string[] {
    return this.#dotted('certificatePolicies');
  }

  /** Whether certificatePolicies names this policy, given as the contents of its object identifier. */
  hasPolicy(contents: Uint8Array): boolean {
    return this.#names('certificatePolicies', contents);
  }

  /** Object identifiers of extKeyUsage, dotted. */
  extendedKeyUsages(): string[] {
    return this.#dotted('extKeyUsage');
  }

  /** Whether extKeyUsage names this purpose, given as the contents of its object identifier. */
  hasExtendedKeyUsage(contents: Uint8Array): boolean {
    return this.#names('extKeyUsage', contents);
  }

  #dotted(name: IdentifierList): string[] {
    const dotted: string[] = [];
    const list = this.#value(name, Tag.SEQUENCE)?.enter();
    while (list?.more) dotted.push(dottedOid(nextIdentifier(list, name).contents));
    return dotted;
  }

  #names(name: IdentifierList, contents: Uint8Array): boolean {
    const list = this.#value(name, Tag.SEQUENCE)?.enter();
    while (list?.more) if (standsOn(nextIdentifier(list, name), contents)) return true;
    return false;
  }
}

type IdentifierList = 'certificatePolicies' | 'extKeyUsage';

/** A reader that stands on the next object identifier of a list: a policy is a SEQUENCE around one. */
function nextIdentifier(list: DerReader, name: IdentifierList): DerReader {
  const reader = name === 'certificatePolicies' ? list.expect(Tag.SEQUENCE).enter() : list;
  return reader.expect(Tag.OBJECT_IDENTIFIER);
}
