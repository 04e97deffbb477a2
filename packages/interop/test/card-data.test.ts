import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  CardForgedError,
  CardManager,
  type CvAnchor,
  type CvTrust,
  keyIdText,
  parseCvAnchors,
  productionCvAnchors,
  readCvCertificate,
  TextApplication,
  testCvAnchors,
  VisualApplication,
} from '@jpki/applets';
import { Card, CardError, Pin } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { FileCard, type FileCardContents } from '../src/file-card.ts';
import { requirements } from '../src/requirement.ts';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

const needs = requirements(sharedRequirement('test-card'), sharedRequirement('cv-anchors.json'));
const TEXT = 'D3921000310001010408';
const VISUAL = 'D3921000310001010402';

const load = (path: string): Buffer => readFileSync(sharedPath('test-card', path));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What the README of the test card says, read there: the holder's values do not enter this repository. */
const readme = () => readFileSync(sharedPath('test-card', 'README.md'), 'utf8');
const stated = (pattern: RegExp): string => {
  const [, value] = readme().match(pattern) ?? [];
  if (value === undefined) throw new Error(`the README does not say ${pattern}`);
  return value;
};
/** SHA-256 and length that the README gives for a file. */
const facts = (path: string): readonly [length: number, sha256: string] => {
  const [, length, digest] =
    readme().match(new RegExp(`\`${path}\`.*\\| (\\d+) \\| \`([0-9a-f]{64})\``)) ?? [];
  return [Number(length), digest ?? ''];
};

const anchors = (): readonly CvAnchor[] =>
  parseCvAnchors(JSON.parse(readFileSync(sharedPath('cv-anchors.json'), 'utf8')));
const testAnchors = () => anchors().filter(({ hierarchy }) => hierarchy === 'test');

const digits = (text: string): Pin => Pin.fromBytes(Buffer.from(text));
const numberA = () => digits(stated(/照合番号A[^|]*\| `(\d{12})`/));
const numberB = () => digits(stated(/照合番号B[^|]*\| `(\d{14})`/));
const birth = () => digits(stated(/生年月日 key[^|]*\| `(\d{6})`/));

const TEXT_FILES = ['0001', '0002', '0003', '0004', '0005', '0006', '0007'];
const VISUAL_FILES = ['0001', '0003', '0004', '0005'];

/** The files of the test card; any secret opens them, and `80 2A` answers as a card without its private key must. */
function contents(changed: Readonly<Record<string, Uint8Array>> = {}): FileCardContents {
  const filesOf = (folder: string, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, changed[`${folder}/${name}`] ?? load(`${folder}/${name}.bin`)]),
    );
  return {
    applications: { [TEXT]: filesOf('text', TEXT_FILES), [VISUAL]: filesOf('surface', VISUAL_FILES) },
    data: {
      '00F8': changed['mf/00F8'] ?? load('mf/00F8.bin'),
      '7F21': changed['mf/7F21'] ?? load('mf/7F21.bin'),
    },
  };
}

const cardOf = (changed?: Readonly<Record<string, Uint8Array>>) => new Card(new FileCard(contents(changed)));

/** Each way to read a signed record of the card; the challenge cannot be answered by files, see `outcome`. */
const READ: Readonly<Record<string, (card: Card, trust: CvTrust) => Promise<unknown>>> = {
  attributes: (card, trust) =>
    new TextApplication(card).attributes({ secret: { numberB: numberB() }, trust }),
  myNumber: (card, trust) => new TextApplication(card).myNumber({ secret: { numberA: numberA() }, trust }),
  ageRecord: (card, trust) => new VisualApplication(card).ageRecord({ birth: birth(), trust }),
  numberImage: (card, trust) => new VisualApplication(card).numberImage({ numberA: numberA(), trust }),
};

/**
 * What kept a record from being verified: codes of findings, or of the error that refused it. A copy of the files has no
 * private key, so CHALLENGE_WRONG alone means that everything in the files held.
 */
async function outcome(read: Promise<unknown>): Promise<readonly string[]> {
  try {
    await read;
  } catch (error) {
    if (error instanceof CardForgedError) return error.proof.findings.map(({ code }) => code);
    if (error instanceof CardError) return [error.code];
    throw error;
  }
  return ['accepted'];
}

/** Every copy of some bytes with one bit changed, or every `step`-th of them. */
function* flips(bytes: Uint8Array, step = 1): Generator<readonly [bit: number, changed: Uint8Array]> {
  for (let bit = 0; bit < 8 * bytes.length; bit += step) {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield [bit, changed];
  }
}

describe("the test card's own bytes", needs, () => {
  test.each([
    ...TEXT_FILES.map((name) => `text/${name}.bin`),
    ...VISUAL_FILES.map((name) => `surface/${name}.bin`),
    'mf/00F8.bin',
    'mf/7F21.bin',
    'synthetic/cv-certificate.bin',
    'synthetic/cv-ca-key.bin',
  ])('%s is the file that its README tells of', (path) => {
    const bytes = load(path);
    expect([bytes.length, sha256(bytes)]).toEqual(facts(path));
  });
});

describe('what the test card says', needs, () => {
  test('its 基本4情報 are what the README states', async () => {
    const { attributes } = await new TextApplication(cardOf()).attributes({
      secret: { numberB: numberB() },
      trust: 'unproven',
    });
    const born = stated(/DF24 08 "(\d{8})"/);
    expect(attributes).toEqual({
      name: stated(/DF22 0F ([^,]+),/),
      address: stated(/DF23 36 ([^,]+),/),
      birthDate: `${born.slice(0, 4)}-${born.slice(4, 6)}-${born.slice(6)}`,
      sex: 'male',
    });
  });

  test('its 個人番号 is 照合番号A', async () => {
    const { myNumber } = await new TextApplication(cardOf()).myNumber({
      secret: { numberA: numberA() },
      trust: 'unproven',
    });
    expect(myNumber.reveal()).toBe(stated(/`FF10 0C "(\d{12})"` \+ `FF FF`/));
    expect(`${myNumber}`).toBe('[個人番号]');
  });

  test('its age record and the image of its number', async () => {
    const visual = new VisualApplication(cardOf());
    const { birthDate } = await visual.ageRecord({ birth: birth(), trust: 'unproven' });
    expect(birthDate.replaceAll('-', '')).toBe(stated(/DF11 08 "(\d{8})"/));
    const { image } = await visual.numberImage({ numberA: numberA(), trust: 'unproven' });
    expect(image).toHaveLength(Number(stated(/PNG 72x12 \((\d+) bytes/)));
    const header = Buffer.from(image);
    expect(header.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([72, 12]);
  });

  test('its basic information', async () => {
    const text = await new TextApplication(cardOf()).basicInformation();
    expect(hex(text.identification).toUpperCase()).toBe(stated(/DF41 04 ([0-9A-F]{8}), DF42 10/));
    expect(keyIdText(text.keyId)).toBe(stated(/DF42 10 (\d{7}\/\d{3})/));
    expect(
      hex(text.opaque)
        .toUpperCase()
        .startsWith(stated(/32 bytes ([0-9A-F]+)…/)),
    ).toBe(true);
    const visual = await new VisualApplication(cardOf()).basicInformation();
    expect(hex(visual.identification).toUpperCase()).toBe(stated(/DF31 04 ([0-9A-F]{8}),/));
    expect(keyIdText(visual.keyId)).toBe(stated(/DF32 10 (\d{7}\/\d{3})/));
    expect(visual.version).toBe(0);
    expect(visual.municipality).toBe(stated(/DF34 05 "(\d{5})"/));
    expect(keyIdText(visual.opaque.subarray(0, 16))).toBe(stated(/DF35 820110 = (\d{7}\/\d{3})/));
  });

  test.each([
    ['text/0004.bin', /issuer (6000033\/001), subject (\d{7}\/\d{3})/],
    ['surface/0004.bin', /issuer (6000023\/001), subject (\d{7}\/\d{3})/],
  ])('the CV certificate in %s names whom the README says', (path, pattern) => {
    const { issuer, subject } = readCvCertificate(load(path));
    const [, issuerText, subjectText] = readme().match(pattern) ?? [];
    expect([keyIdText(issuer), keyIdText(subject)]).toEqual([issuerText, subjectText]);
  });

  test('the CV certificates of the card manager form a chain', () => {
    const upper = readCvCertificate(load('mf/00F8.bin'));
    const lower = readCvCertificate(load('mf/7F21.bin'));
    expect(keyIdText(upper.issuer)).toBe(`${stated(/`00F8`: (\d{7}\/\d{3})/)} (A8)`);
    expect(keyIdText(upper.subject)).toBe(`${stated(/certifies (\d{7}\/\d{3}) \(`98`\)/)} (98)`);
    expect(hex(lower.issuer)).toBe(hex(upper.subject));
    expect(keyIdText(lower.subject)).toBe(`${stated(/certifies (\d{7}\/\d{3}) \(`40`\)/)} (40)`);
  });
});

describe('under the test CA keys', needs, () => {
  test('the chain of the card manager is verified', async () => {
    const certificates = await new CardManager(cardOf()).certificates({ trust: testAnchors() });
    expect(certificates?.proof).toEqual({ status: 'verified', findings: [], hierarchy: 'test' });
  });

  test.each(Object.keys(READ))(
    'the record behind %s holds in all but the challenge, which files cannot answer',
    async (name) => {
      expect(await outcome(READ[name]?.(cardOf(), testAnchors()) ?? Promise.resolve())).toEqual([
        'CHALLENGE_WRONG',
      ]);
    },
  );

  test('the records of one application do not verify under the certificate of the other', async () => {
    const swapped = { 'text/0004': load('surface/0004.bin'), 'surface/0004': load('text/0004.bin') };
    for (const read of Object.values(READ))
      expect(await outcome(read(cardOf(swapped), testAnchors()))).toContain('RECORD_WRONG');
  });
});

describe('production trust', needs, () => {
  test('is the three production keys of the reference, and no others', () => {
    const known = anchors().filter(({ hierarchy }) => hierarchy === 'production');
    const identity = ({ keyId, publicKey }: CvAnchor) =>
      `${hex(keyId)} ${publicKey.export({ format: 'jwk' }).n}`;
    expect(productionCvAnchors().map(identity)).toEqual(known.map(identity));
  });

  test('knows no CA of the test card, and no record is called verified under it', async () => {
    const certificates = await new CardManager(cardOf()).certificates({ trust: productionCvAnchors() });
    expect(certificates?.proof).toMatchObject({
      status: 'unverified',
      findings: [{ code: 'CV_CA_UNKNOWN' }],
    });
    for (const read of Object.values(READ))
      expect(await outcome(read(cardOf(), productionCvAnchors()))).not.toContain('accepted');
  });

  test('refuses a certificate that names a production CA and was signed by another key', async () => {
    const forged = { 'surface/0004': load('synthetic/cv-certificate.bin') };
    expect(keyIdText(readCvCertificate(forged['surface/0004']).issuer)).toBe('5000023/001');
    const found = await outcome(
      READ['ageRecord']?.(cardOf(forged), productionCvAnchors()) ?? Promise.resolve(),
    );
    expect(found[0]).toBe('CV_CERTIFICATE_WRONG');
  });

  test('which verifies under its own made-up key', async () => {
    const key = load('synthetic/cv-ca-key.bin');
    const modulus = key.subarray(9);
    const synthetic = readCvCertificate(load('synthetic/cv-certificate.bin'));
    const own = parseCvAnchors({
      anchors: [
        {
          keyId: hex(synthetic.issuer),
          hierarchy: 'production',
          modulus: hex(modulus),
          exponent: '010001',
          sha256: sha256(modulus),
        },
      ],
    });
    // A file cannot make a production key.
    expect(own.map(({ hierarchy }) => hierarchy)).toEqual(['custom']);
    const n = modulus.toString('base64url');
    expect(
      own[0]?.publicKey.equals(createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })),
    ).toBe(true);
    const forged = cardOf({ 'surface/0004': load('synthetic/cv-certificate.bin') });
    const found = await outcome(READ['ageRecord']?.(forged, own) ?? Promise.resolve());
    expect(found).not.toContain('CV_CERTIFICATE_WRONG');
  });
});

describe('one bit changed in', needs, () => {
  /** A record that still held, but for the challenge that files cannot answer. */
  const survivors = async (path: string, name: string, step: number) => {
    const held: number[] = [];
    for (const [bit, changed] of flips(load(`${path}.bin`), step)) {
      const found = await outcome(
        READ[name]?.(cardOf({ [path]: changed }), testAnchors()) ?? Promise.resolve(),
      );
      if (found.every((code) => code === 'CHALLENGE_WRONG' || code === 'accepted')) held.push(bit);
    }
    return held;
  };

  test.each([
    ['text/0001', 'myNumber', 1],
    ['text/0002', 'attributes', 1],
    ['text/0003', 'attributes', 1],
    ['text/0007', 'attributes', 1],
    ['surface/0001', 'ageRecord', 1],
    ['surface/0005', 'numberImage', 1],
  ])('%s is noticed, whichever bit', async (path, name, step) => {
    expect(await survivors(path, name, step)).toEqual([]);
  });

  test.each([
    ['text/0004', 'attributes'],
    ['surface/0004', 'ageRecord'],
  ])('the CV certificate %s is noticed or makes it one of an unknown CA', async (path, name) => {
    const accepted: number[] = [];
    for (const [bit, changed] of flips(load(`${path}.bin`))) {
      const found = await outcome(
        READ[name]?.(cardOf({ [path]: changed }), testAnchors()) ?? Promise.resolve(),
      );
      if (found.includes('accepted')) accepted.push(bit);
      // Wrong at once, unless the change is in the name of the issuer (behind two tags with lengths of five bytes): then
      // no key is known for it.
      const isIssuerChanged = bit >> 3 >= 10 && bit >> 3 < 26;
      if (!isIssuerChanged && found.every((code) => code === 'CHALLENGE_WRONG')) accepted.push(bit);
    }
    expect(accepted).toEqual([]);
  });

  test.each(['mf/00F8', 'mf/7F21'])(
    '%s keeps the chain of the card manager from being verified',
    async (path) => {
      const verified: number[] = [];
      for (const [bit, changed] of flips(load(`${path}.bin`))) {
        try {
          const card = cardOf({ [path]: changed });
          const certificates = await new CardManager(card).certificates({ trust: testAnchors() });
          if (certificates?.proof.status === 'verified') verified.push(bit);
        } catch (error) {
          expect(error).toBeInstanceOf(CardError);
        }
      }
      expect(verified).toEqual([]);
    },
  );
});

test(
  'the built-in test keys are the ones of the shared list, and none of them is trusted in production',
  needs,
  () => {
    const keysOf = (anchors: readonly CvAnchor[]) =>
      anchors.map(({ keyId, publicKey, hierarchy }) => [
        Buffer.from(keyId).toString('hex'),
        publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
        hierarchy,
      ]);
    const shared = parseCvAnchors(JSON.parse(readFileSync(sharedPath('cv-anchors.json'), 'utf8')));
    expect(keysOf(testCvAnchors())).toEqual(keysOf(shared.filter(({ hierarchy }) => hierarchy === 'test')));
    const production = keysOf(productionCvAnchors()).map(([, key]) => key);
    for (const [, key] of keysOf(testCvAnchors())) expect(production).not.toContain(key);
  },
);
