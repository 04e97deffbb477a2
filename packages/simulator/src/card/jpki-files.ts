import { type CertificateKind, MAX_TRIES } from '../persona.ts';
import type { HolderKey } from '../test-pki/simulator-pki.ts';
import type { Application, CardMaking } from './application.ts';
import { AVAILABILITY_BYTE_2, CERTIFICATE_FILE_SIZE } from './choices.ts';
import { type Access, type ElementaryFile, filled, pinFile, transparentFile } from './elementary-file.ts';
import { tokenInformation } from './token-information.ts';

/** AID of the 公的個人認証AP (card-protocol.md 2). */
const JPKI_AID: Uint8Array = Buffer.from('D392F000260100000001', 'hex');

/** EF 0008: this certificate is there (card-protocol.md 3.1). */
const CERTIFICATE_PRESENT = 0x8f;

/** File identifiers of each kind (card-protocol.md 3.1). */
const JPKI_IDS = {
  sign: { certificate: 0x0001, ca: 0x0002, key: 0x001a, pin: 0x001b },
  auth: { certificate: 0x000a, ca: 0x000b, key: 0x0017, pin: 0x0018 },
} as const;

/** What the two PINs look like (card-protocol.md 3.1, 3.5). */
const PINS = {
  sign: { digitsOnly: false, length: [6, 16], maxTries: MAX_TRIES.sign, change: 'change-reference-data' },
  auth: { digitsOnly: true, length: [4, 4], maxTries: MAX_TRIES.auth, change: 'change-reference-data' },
} as const;

/** Internal EF with the key that `80 A2` checks a terminal's certificate with (card-protocol.md 3.1). */
const TERMINAL_CA_ID = 0x0016;

/** Internal EFs of which we know that they exist (card-protocol.md 3.1). */
const OPAQUE_IDS = [0x0010, 0x0019, 0x001c, 0x001e] as const;

/** Transparent ones that nothing we know opens: 0009 was tried with everything, of 0005 nothing is told. */
const CLOSED_IDS = [0x0005, 0x0009] as const;

/** The 公的個人認証AP on a persona's card. Keys and certificates are fetched when first used. */
export function jpkiApplication(making: CardMaking): Application {
  return { name: 'jpki', aid: JPKI_AID, files: jpkiFiles(making), sessionKey: 'forbidden' };
}

function jpkiFiles(making: CardMaking): Map<number, ElementaryFile> {
  const { persona, variants } = making;
  const files = new Map<number, ElementaryFile>();
  const token = tokenInformation(persona.card.tokenLabel, variants.tokenPadding);
  files.set(
    0x0006,
    transparentFile('free', async () => token),
  );
  if (persona.card.files === 'token-only') return files;
  const available = availability(making);
  files.set(
    0x0008,
    transparentFile('free', async () => available),
  );
  const closed: ElementaryFile =
    variants.unknownFiles === '6982'
      ? transparentFile('never', async () => new Uint8Array())
      : { kind: 'opaque' };
  for (const id of CLOSED_IDS) files.set(id, closed);
  files.set(TERMINAL_CA_ID, { kind: 'opaque' });
  for (const id of variants.unknownKeys === 'present' ? OPAQUE_IDS : []) files.set(id, { kind: 'opaque' });
  addKind(files, 'sign', making, [JPKI_IDS.sign.pin]);
  addKind(files, 'auth', making, persona.card.authCertificateNeedsPin ? [JPKI_IDS.auth.pin] : 'free');
  return files;
}

function addKind(
  files: Map<number, ElementaryFile>,
  kind: CertificateKind,
  { persona, pki, variants }: CardMaking,
  access: Access,
): void {
  const { certificate, ca, key, pin } = JPKI_IDS[kind];
  const secret = persona.pins[kind];
  if (secret !== undefined)
    files.set(pin, pinFile(secret, { ...PINS[kind], triesLeft: persona.triesLeft?.[kind] }));
  if (persona.certificates[kind] === undefined) return;
  const holderKey = async (): Promise<HolderKey> => {
    const found = await pki.holderKey(persona, kind);
    if (found === undefined) throw new TypeError('the persona has no such certificate');
    return found;
  };
  const size = variants.fileFiller === 'filler' ? CERTIFICATE_FILE_SIZE : 0;
  files.set(
    certificate,
    transparentFile(access, async () => filled((await holderKey()).certificate, size)),
  );
  files.set(
    ca,
    transparentFile('free', async () => filled((await holderKey()).caCertificate, size)),
  );
  const privateKey = async () => (await holderKey()).privateKey;
  files.set(key, { kind: 'key', use: 'signature', access: [pin], privateKey });
}

function availability({ persona, variants }: CardMaking): Uint8Array {
  const absent = Number.parseInt(variants.certificateAbsent, 16);
  const byte = (kind: CertificateKind) =>
    persona.certificates[kind] === undefined ? absent : CERTIFICATE_PRESENT;
  return Uint8Array.of(byte('sign'), byte('auth'), AVAILABILITY_BYTE_2);
}
