import type { Persona } from '../persona.ts';
import type { CertificateKind } from '../test-pki/names.ts';
import type { HolderKey, SimulatorPki } from '../test-pki/simulator-pki.ts';
import { AVAILABILITY_BYTE_2, CERTIFICATE_ABSENT, CERTIFICATE_FILE_SIZE } from './choices.ts';
import type { Access, ElementaryFile, FileSystem, TransparentFile } from './elementary-file.ts';
import { tokenInformation } from './token-information.ts';

/** AID of the 公的個人認証AP (card-protocol.md 2). */
export const JPKI_AID: Uint8Array = Buffer.from('D392F000260100000001', 'hex');

/** EF 0008: this certificate is there (card-protocol.md 3.1). */
const CERTIFICATE_PRESENT = 0x8f;

/** File identifiers of each kind (card-protocol.md 3.1). */
const IDS = {
  sign: { certificate: 0x0001, ca: 0x0002, key: 0x001a, pin: 0x001b },
  auth: { certificate: 0x000a, ca: 0x000b, key: 0x0017, pin: 0x0018 },
} as const;

/** Internal EFs of which we know that they exist (card-protocol.md 3.1). */
const OPAQUE_IDS = [0x0010, 0x0016, 0x0019, 0x001c, 0x001e] as const;

/** Transparent ones that nothing we know opens: 0009 was tried with everything, of 0005 nothing is told. */
const CLOSED_IDS = [0x0005, 0x0009] as const;

/** The files of the 公的個人認証AP on a persona's card. Keys and certificates are fetched when first used. */
export function jpkiFiles(persona: Persona, pki: SimulatorPki): FileSystem {
  const files = new Map<number, ElementaryFile>();
  files.set(0x0006, freeFile(tokenInformation(persona.card.tokenLabel)));
  if (persona.card.files === 'token-only') return files;
  files.set(0x0008, freeFile(availability(persona)));
  for (const id of CLOSED_IDS)
    files.set(
      id,
      transparent('never', async () => new Uint8Array()),
    );
  for (const id of OPAQUE_IDS) files.set(id, { kind: 'opaque' });
  addKind(files, 'sign', persona, pki, 'sign');
  addKind(files, 'auth', persona, pki, persona.card.authCertificateNeedsPin ? 'auth' : 'free');
  return files;
}

function addKind(
  files: Map<number, ElementaryFile>,
  kind: CertificateKind,
  persona: Persona,
  pki: SimulatorPki,
  access: Access,
): void {
  if (persona.pins[kind] !== undefined) files.set(IDS[kind].pin, { kind: 'pin', reference: kind });
  if (persona.certificates[kind] === undefined) return;
  const holderKey = async (): Promise<HolderKey> => {
    const key = await pki.holderKey(persona, kind);
    if (key === undefined) throw new TypeError('the persona has no such certificate');
    return key;
  };
  const { certificate, ca, key } = IDS[kind];
  files.set(
    certificate,
    transparent(access, async () => filled((await holderKey()).certificate)),
  );
  files.set(
    ca,
    transparent('free', async () => filled((await holderKey()).caCertificate)),
  );
  files.set(key, { kind: 'key', access: kind, privateKey: async () => (await holderKey()).privateKey });
}

function availability({ certificates }: Persona): Uint8Array {
  const byte = (kind: CertificateKind) =>
    certificates[kind] === undefined ? CERTIFICATE_ABSENT : CERTIFICATE_PRESENT;
  return Uint8Array.of(byte('sign'), byte('auth'), AVAILABILITY_BYTE_2);
}

function freeFile(bytes: Uint8Array): TransparentFile {
  return transparent('free', async () => bytes);
}

function transparent(access: Access, contents: () => Promise<Uint8Array>): TransparentFile {
  let bytes: Uint8Array | undefined;
  const once = async () => {
    bytes ??= await contents();
    return bytes;
  };
  return { kind: 'transparent', access, contents: once };
}

/** A file larger than what is in it: the rest is FF (card-protocol.md 1.3). */
function filled(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.max(CERTIFICATE_FILE_SIZE, content.length)).fill(0xff);
  bytes.set(content);
  return bytes;
}
