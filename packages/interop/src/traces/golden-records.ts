import assert from 'node:assert/strict';
import {
  CardManager,
  CommonApplication,
  changePin,
  type MyNumberOptions,
  type PinReference,
  ResidentApplication,
  TextApplication,
  VisualApplication,
} from '@jpki/applets';
import { accessCodes } from '@jpki/simulator';
import { assertAttributes, assertProven, dateOf } from './expectations.ts';
import { ECONOMY } from './golden-jpki.ts';
import { type CardUser, pinOf, type Scenario } from './scenario.ts';

/** The four attributes with the PIN of the 券面事項入力補助AP, proven. */
export async function readAttributes(user: CardUser): Promise<void> {
  const secret = { pin: user.secrets.text() };
  const text = new TextApplication(user.card);
  const { attributes, proof } = await text.attributes({ secret, trust: user.pki.cvAnchors });
  assertAttributes(user, attributes);
  assertProven(proof);
}

/** The 個人番号 with the PIN of the 券面事項入力補助AP, proven. */
export async function readMyNumber(user: CardUser, options: Partial<MyNumberOptions> = {}): Promise<void> {
  const { myNumber, proof } = await new TextApplication(user.card).myNumber({
    secret: { pin: user.secrets.text() },
    trust: user.pki.cvAnchors,
    ...options,
  });
  assert.equal(myNumber.reveal(), accessCodes(user.persona, user.at)?.a);
  assertProven(proof);
}

/** The signed birth date, opened by itself. */
export async function readAge(user: CardUser): Promise<void> {
  const visual = new VisualApplication(user.card);
  const age = await visual.ageRecord({ birth: user.secrets.birth(), trust: user.pki.cvAnchors });
  assert.equal(age.birthDate, dateOf(user, 'birth'));
  assertProven(age.proof);
}

async function readFace(user: CardUser): Promise<void> {
  const secret = { numberB: user.secrets.numberB() };
  const face = await new VisualApplication(user.card).face({ secret, trust: user.pki.cvAnchors });
  assert.deepEqual([face.birthDate, face.expiry], [dateOf(user, 'birth'), dateOf(user, 'expiry')]);
  assertProven(face.proof);
}

async function readNumberImage(user: CardUser): Promise<void> {
  const numberA = user.secrets.numberA();
  const visual = new VisualApplication(user.card);
  const { image, proof } = await visual.numberImage({ numberA, trust: user.pki.cvAnchors });
  assert.equal(Buffer.from(image.subarray(1, 4)).toString('latin1'), 'PNG');
  assertProven(proof);
}

/** The record with the card's number. */
export async function readCardRecord(user: CardUser): Promise<void> {
  const { persona, card } = user;
  const { serial, municipality, expiry } = await new CommonApplication(card).cardRecord();
  assert.deepEqual(
    [serial, municipality, expiry],
    [persona.numbers.serialNumber, persona.holder.municipalityCode, dateOf(user, 'expiry')],
  );
}

async function readManagerData(user: CardUser): Promise<void> {
  const manager = new CardManager(user.card);
  assert.equal(await manager.municipality(), user.persona.holder.municipalityCode);
  assert.equal(await manager.expiry(), dateOf(user, 'expiry'));
}

async function readManagerCertificates({ card, pki }: CardUser): Promise<void> {
  const certificates = await new CardManager(card).certificates({ trust: pki.cvAnchors });
  assert.ok(certificates?.lower);
  assertProven(certificates.proof);
}

async function readUnsignedFacts({ card, persona }: CardUser): Promise<void> {
  const visual = await new VisualApplication(card).basicInformation();
  assert.equal(visual.municipality, persona.holder.municipalityCode);
  assert.ok(await new TextApplication(card).basicInformation());
}

async function readFaceCounters({ card }: CardUser): Promise<void> {
  assert.equal(await new TextApplication(card).triesLeft(), 3);
  assert.deepEqual(await new VisualApplication(card).triesLeft(), { birth: 10, numberA: 10, numberB: 10 });
}

async function readResidentCounters({ card }: CardUser): Promise<void> {
  assert.equal(await new ResidentApplication(card).triesLeft(), 3);
  assert.equal(await new CommonApplication(card).triesLeft(), 3);
}

/** Changes a PIN to another one. */
export function change({ card, secrets }: CardUser, reference: PinReference): Promise<void> {
  const next = pinOf(reference === 'sign' ? 'NEW2PASSWORD' : '8642');
  return changePin(card, { reference, current: secrets[reference](), next });
}

const CHANGES: Readonly<Record<PinReference, string>> = {
  sign: 'the password for digital signatures',
  auth: 'the PIN for user authentication',
  text: 'the PIN for the text of the card face',
  resident: 'the PIN for the resident register, in both places where it is',
};

/** Every operation of the other applications, and the change of each PIN. */
export const RECORD_SCENARIOS: readonly Scenario[] = [
  { file: 'attributes', title: 'name, address, birth date and sex, proven', run: readAttributes },
  {
    file: 'attributes-economical',
    title: 'name, address, birth date and sex, by short file identifiers and long answers',
    card: ECONOMY,
    run: readAttributes,
  },
  {
    file: 'attributes-number-b',
    title: 'name, address, birth date and sex, with verification number B',
    run: async (user) => {
      const secret = { numberB: user.secrets.numberB() };
      const text = new TextApplication(user.card);
      const { attributes, proof } = await text.attributes({ secret, trust: user.pki.cvAnchors });
      assertAttributes(user, attributes);
      assertProven(proof);
    },
  },
  {
    file: 'attributes-unproven',
    title: 'name, address, birth date and sex, without proof',
    run: async (user) => {
      const secret = { pin: user.secrets.text() };
      const read = await new TextApplication(user.card).attributes({ secret, trust: 'unproven' });
      assertAttributes(user, read.attributes);
    },
  },
  { file: 'my-number', title: 'the Individual Number, proven', run: (user) => readMyNumber(user) },
  {
    file: 'my-number-number-a',
    title: 'the Individual Number, with verification number A',
    run: (user) => readMyNumber(user, { secret: { numberA: user.secrets.numberA() } }),
  },
  {
    file: 'my-number-secured',
    title: 'the Individual Number, encrypted on its way (secure messaging)',
    knownKeys: true,
    run: (user) => readMyNumber(user, { secureMessaging: true }),
  },
  {
    file: 'my-number-number-a-secured',
    title:
      'the Individual Number, with verification number A, both encrypted on their way (secure messaging)',
    knownKeys: true,
    run: (user) =>
      readMyNumber(user, {
        secret: { numberA: user.secrets.numberA() },
        secureMessaging: { pin: user.secrets.text() },
      }),
  },
  { file: 'face', title: 'the card face, with verification number B', run: readFace },
  { file: 'age', title: 'the age record, with the birth date', run: readAge },
  {
    file: 'number-image',
    title: 'the image of the Individual Number, with verification number A',
    run: readNumberImage,
  },
  {
    file: 'basic-information',
    title: 'what both card face applications say of themselves',
    run: readUnsignedFacts,
  },
  { file: 'face-tries-left', title: 'tries left in both card face applications', run: readFaceCounters },
  { file: 'card-record', title: 'the number of the card', run: readCardRecord },
  {
    file: 'resident-tries-left',
    title: 'tries left of the PIN for the resident register, in both places',
    run: readResidentCounters,
  },
  { file: 'manager-data', title: 'municipality and expiry date from the card manager', run: readManagerData },
  {
    file: 'manager-certificates',
    title: 'the card-verifiable certificates of the card manager, checked',
    run: readManagerCertificates,
  },
  ...(Object.keys(CHANGES) as PinReference[]).map((reference) => ({
    file: `change-pin-${reference}`,
    title: `change ${CHANGES[reference]}`,
    run: (user: CardUser) => change(user, reference),
  })),
];
