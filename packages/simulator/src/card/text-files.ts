import { createHash, sign } from 'node:crypto';
import { accessCodes } from '../access-codes.ts';
import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import { cardTlv } from '../card-tlv.ts';
import { keyId, publicKeyObjects } from '../test-pki/card-verifiable.ts';
import type { Application, CardMaking } from './application.ts';
import { ATTRIBUTES_FILE_SIZE } from './choices.ts';
import { type Access, type ElementaryFile, filled, pinFile, transparentFile } from './elementary-file.ts';
import { offsetTemplate } from './offset-template.ts';

/** AID of the 券面事項入力補助AP (card-protocol.md 2). */
const TEXT_AID: Uint8Array = Buffer.from('D3921000310001010408', 'hex');

/** File identifiers of the keys (card-protocol.md 4.1). */
const TEXT_IDS = {
  pin: 0x0011,
  blocked: 0x0012,
  signingKey: 0x0013,
  codeA: 0x0014,
  codeB: 0x0015,
} as const;

/** Internal EFs of which we know that they exist (card-protocol.md 4.1). */
const OPAQUE_IDS = [0x0010, 0x001c, 0x001e] as const;

/** EF 0005: specification version, support of extended lengths, vendor, the vendor's own byte (card-protocol.md 4.1). */
const IDENTIFICATION = Buffer.from('01030E01', 'hex');

/** EF 0005, DF42: a key that no certificate is known of; x000034/001 on real cards (card-protocol.md 4.1). */
const NAMED_KEY = keyId({ number: '9000034', suffix: '001' });

/** EF 0005, DF43: 32 unknown bytes and 96 of FF. Ours are the hash of a sentence. */
const UNKNOWN = filled(createHash('sha256').update('simulated: 券面事項入力補助AP DF43').digest(), 128);

/** The 券面事項入力補助AP on a persona's card (card-protocol.md 4.1). */
export function textApplication(making: CardMaking): Application {
  const { persona, pki, variants } = making;
  return {
    name: 'text',
    aid: TEXT_AID,
    files: textFiles(making),
    defaultKey: TEXT_IDS.signingKey,
    sessionKey:
      variants.secureMessaging === 'offered'
        ? { pin: TEXT_IDS.pin, privateKey: () => pki.cardKey(persona, 'text-delivery') }
        : 'not-configured',
  };
}

function textFiles(making: CardMaking): Map<number, ElementaryFile> {
  const { persona, pki, variants } = making;
  const files = new Map<number, ElementaryFile>();
  const add = (id: number, access: Access, contents: () => Promise<Uint8Array>) =>
    files.set(id, transparentFile(access, contents));
  const { pin, codeA, codeB, signingKey } = TEXT_IDS;
  const anySecret: Access = [pin, codeA, codeB];
  add(0x0001, [pin, codeA], async () => myNumberFile(making));
  add(0x0002, [pin, codeB], async () => attributesFile(making));
  add(0x0003, variants.integrityRecordAccess === 'pin-a' ? [pin, codeA] : anySecret, () =>
    integrityRecord(making),
  );
  add(0x0004, 'free', async () => (await recordSigner(making)).certificate);
  add(0x0005, 'free', async () => basicInformation());
  const deliveryKey = () => pki.cardKey(persona, 'text-delivery');
  add(0x0006, anySecret, async () => cardTlv(0xa1, publicKeyObjects(await deliveryKey())));
  add(0x0007, anySecret, () => signedPublicKey(making));
  add(0x0008, variants.fillerFileAccess === 'free' ? 'free' : 'never', async () =>
    filled(new Uint8Array(), 16),
  );
  const privateKey = () => pki.cardKey(persona, 'text-signing');
  files.set(signingKey, { kind: 'key', use: 'signature', access: 'free', privateKey });
  for (const id of variants.unknownKeys === 'present' ? OPAQUE_IDS : []) files.set(id, { kind: 'opaque' });
  addSecrets(files, making);
  return files;
}

/** The PIN, 照合番号A and B, and the key reference that was found blocked on every card (card-protocol.md 4.1). */
function addSecrets(files: Map<number, ElementaryFile>, { persona, variants, now }: CardMaking): void {
  const pin = { digitsOnly: true, length: [4, 4], maxTries: 3, change: 'change-reference-data' } as const;
  const secret = persona.pins.text;
  if (secret !== undefined)
    files.set(TEXT_IDS.pin, pinFile(secret, { ...pin, triesLeft: persona.triesLeft?.text }));
  if (variants.textBlockedKey === 'present')
    files.set(
      TEXT_IDS.blocked,
      pinFile('', { digitsOnly: true, length: [1, 16], maxTries: 3, triesLeft: 0 }),
    );
  const codes = accessCodes(persona, now);
  if (codes === undefined) return;
  const maxTries = Number(variants.codeTries);
  files.set(TEXT_IDS.codeA, pinFile(codes.a, { digitsOnly: true, length: [12, 12], maxTries }));
  files.set(TEXT_IDS.codeB, pinFile(codes.b, { digitsOnly: true, length: [14, 14], maxTries }));
}

/** EF 0001, 個人番号: 17 bytes with two of filler, a size that is known (card-protocol.md 4.1). */
function myNumberFile({ persona }: CardMaking): Buffer {
  const object = cardTlv(0xff10, Buffer.from(persona.holder.myNumber, 'latin1'));
  return Buffer.concat([object, Uint8Array.of(0xff, 0xff)]);
}

/** The objects of EF 0002, 基本4情報, after the table of offsets (card-protocol.md 4.2). */
function attributeObjects({ persona, now }: CardMaking): Buffer[] {
  const { name, address, sex } = persona.holder;
  const birth = gregorianDate(cardDates(persona, now).birth);
  return [
    cardTlv(0xdf22, Buffer.from(name, 'utf8')),
    cardTlv(0xdf23, Buffer.from(address, 'utf8')),
    cardTlv(0xdf24, Buffer.from(birth, 'latin1')),
    cardTlv(0xdf25, Buffer.from(sex, 'latin1')),
  ];
}

/** EF 0002: the template, the offset of each object from the start of the file, and the objects. */
function attributesFile(making: CardMaking): Uint8Array {
  const template = offsetTemplate(0xff20, 0xdf21, attributeObjects(making));
  return filled(template, making.variants.fileFiller === 'filler' ? ATTRIBUTES_FILE_SIZE : 0);
}

/** EF 0003: hashes of all of 0001 and of the objects of 0002, signed (card-protocol.md 4.3). */
async function integrityRecord(making: CardMaking): Promise<Uint8Array> {
  const number = cardTlv(0xdf31, createHash('sha256').update(myNumberFile(making)).digest());
  const attributes = createHash('sha256')
    .update(Buffer.concat(attributeObjects(making)))
    .digest();
  return signedTemplate(making, 0xff30, 0xdf33, [number, cardTlv(0xdf32, attributes)]);
}

/** EF 0007: the public half of the key of 0013, signed (card-protocol.md 4.1). */
async function signedPublicKey(making: CardMaking): Promise<Uint8Array> {
  const key = await making.pki.cardKey(making.persona, 'text-signing');
  return signedTemplate(making, 0xff50, 0xdf52, [cardTlv(0xdf51, publicKeyObjects(key))]);
}

/** A template of objects and the municipality's PKCS#1 v1.5 SHA-256 signature over them, headers included. */
async function signedTemplate(
  making: CardMaking,
  tag: number,
  signatureTag: number,
  objects: readonly Uint8Array[],
): Promise<Uint8Array> {
  const { privateKey } = await recordSigner(making);
  const signature = sign('sha256', Buffer.concat(objects), privateKey);
  return cardTlv(tag, ...objects, cardTlv(signatureTag, signature));
}

function recordSigner({ persona, pki }: CardMaking): ReturnType<typeof pki.recordSigner> {
  return pki.recordSigner('text', persona.holder.municipalityCode);
}

function basicInformation(): Buffer {
  return cardTlv(
    0xff40,
    cardTlv(0xdf41, IDENTIFICATION),
    cardTlv(0xdf42, NAMED_KEY),
    cardTlv(0xdf43, UNKNOWN),
  );
}
