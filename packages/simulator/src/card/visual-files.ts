import { createHash } from 'node:crypto';
import { accessCodes } from '../access-codes.ts';
import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import { keyId, publicKeyObjects } from '../test-pki/card-verifiable.ts';
import type { Application, CardMaking } from './application.ts';
import { VISUAL_FILE_GRAIN } from './choices.ts';
import { type Access, type ElementaryFile, filled, pinFile, transparentFile } from './elementary-file.ts';
import {
  ageRecord,
  basicInformation,
  type FaceContents,
  faceRecord,
  numberImageRecord,
} from './visual-records.ts';

/** AID of the 券面事項確認AP (card-protocol.md 2). */
const VISUAL_AID: Uint8Array = Buffer.from('D3921000310001010402', 'hex');

/** File identifiers of the keys and codes (card-protocol.md 5). */
const VISUAL_IDS = { birth: 0x0011, codeB: 0x0012, codeA: 0x0013, signingKey: 0x001a } as const;

/** Internal EFs that exist or were probed; nothing more is known (card-protocol.md 5). */
const UNKNOWN_IDS = [0x0014, 0x0015, 0x001c, 0x001e] as const;

/** DF32 and DF35 of EF 0003: keys that no certificate is known of; x000024/001 and 5900025/001 on real cards. */
const NAMED_KEYS = {
  keyId: keyId({ number: '9000024', suffix: '001' }),
  otherKeyId: keyId({ number: '9900025', suffix: '001' }),
} as const;

/** The rest of DF35, 256 bytes of unknown meaning; ours come from the hash of a sentence. */
const OPAQUE = createHash('shake256', { outputLength: 256 })
  .update('simulated: 券面事項確認AP DF35')
  .digest();

/** The 券面事項確認AP on a persona's card (card-protocol.md 5). */
export function visualApplication(making: CardMaking): Application {
  return {
    name: 'visual',
    aid: VISUAL_AID,
    files: visualFiles(making),
    defaultKey: VISUAL_IDS.signingKey,
    sessionKey: 'not-configured',
  };
}

function visualFiles(making: CardMaking): Map<number, ElementaryFile> {
  const { persona, pki, variants } = making;
  const files = new Map<number, ElementaryFile>();
  const add = (id: number, access: Access, contents: () => Promise<Uint8Array>) =>
    files.set(
      id,
      transparentFile(access, async () => withFiller(making, await contents())),
    );
  const { birth, codeA, codeB, signingKey } = VISUAL_IDS;
  const signed = recordMaker(making);
  add(0x0001, [birth], () => signed((key, issuer) => ageRecord(dates(making).birth, key, issuer)));
  add(0x0002, [codeA, codeB], async () => {
    const contents = await face(making);
    return signed((cardKey, issuer) => faceRecord({ ...contents, cardKey }, issuer));
  });
  add(0x0003, 'free', async () =>
    basicInformation({ ...NAMED_KEYS, municipalityCode: persona.holder.municipalityCode, opaque: OPAQUE }),
  );
  add(0x0004, 'free', async () => (await recordSigner(making)).certificate);
  add(0x0005, [codeA], async () => {
    const { numberImage } = await import('../pictures/text-image.ts');
    return signed((key, issuer) => numberImageRecord(numberImage(persona.holder.myNumber), key, issuer));
  });
  const fillerAccess: Access = variants.visualFillerAccess === 'a-b' ? [codeA, codeB] : 'free';
  files.set(
    0x0006,
    transparentFile(fillerAccess, async () => filled(new Uint8Array(), 16)),
  );
  const privateKey = () => pki.cardKey(persona, 'visual-signing');
  files.set(signingKey, { kind: 'key', use: 'signature', access: 'free', privateKey });
  if (variants.visualUnknownKeys === 'present')
    for (const id of UNKNOWN_IDS) files.set(id, { kind: 'opaque' });
  addCodes(files, making);
  return files;
}

/** The 生年月日 key, 照合番号B and 照合番号A (card-protocol.md 5). */
function addCodes(files: Map<number, ElementaryFile>, { persona, variants, now }: CardMaking): void {
  const codes = accessCodes(persona, now);
  if (codes === undefined) return;
  const maxTries = Number(variants.codeTries);
  const code = (secret: string, most: number) =>
    pinFile(secret, { digitsOnly: true, length: [secret.length, secret.length], maxTries: most });
  files.set(VISUAL_IDS.birth, code(codes.birth, Number(variants.birthTries)));
  files.set(VISUAL_IDS.codeB, code(codes.b, maxTries));
  files.set(VISUAL_IDS.codeA, code(codes.a, maxTries));
}

/** Makes a record from the card's public key and the key that signs for the municipality. */
function recordMaker({ persona, pki }: CardMaking) {
  return async (
    make: (cardKey: Buffer, issuerKey: Awaited<ReturnType<typeof pki.cardKey>>) => Buffer,
  ): Promise<Uint8Array> => {
    const [cardKey, signer] = await Promise.all([
      pki.cardKey(persona, 'visual-signing'),
      pki.recordSigner('visual', persona.holder.municipalityCode),
    ]);
    return make(publicKeyObjects(cardKey), signer.privateKey);
  };
}

/** Few commands look at a face: what draws it is loaded for those. */
async function face(making: CardMaking): Promise<Omit<FaceContents, 'cardKey'>> {
  const { numberImage, textImage } = await import('../pictures/text-image.ts');
  const { photo } = await import('../pictures/photos.ts');
  const { holder, numbers } = making.persona;
  const { birth, expiry } = dates(making);
  return {
    birthDate: birth,
    sex: holder.sex,
    name: textImage(holder.name, 'name'),
    address: textImage(holder.address, 'address'),
    photo: photo(holder.portrait),
    expiry,
    securityCode: numberImage(numbers.securityCode),
  };
}

function dates({ persona, now }: CardMaking): { readonly birth: string; readonly expiry: string } {
  const { birth, expiry } = cardDates(persona, now);
  return { birth: gregorianDate(birth), expiry: gregorianDate(expiry) };
}

function recordSigner({ persona, pki }: CardMaking): ReturnType<typeof pki.recordSigner> {
  return pki.recordSigner('visual', persona.holder.municipalityCode);
}

/** Files of unknown size, so with FF up to the next multiple of some bytes, or none. */
function withFiller({ variants }: CardMaking, content: Uint8Array): Uint8Array {
  const size = Math.ceil((content.length + 1) / VISUAL_FILE_GRAIN) * VISUAL_FILE_GRAIN;
  return filled(content, variants.fileFiller === 'filler' ? size : 0);
}
