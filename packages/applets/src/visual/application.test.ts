import type { FaultScript } from '@jpki/simulator';
import { describe, expect, test } from 'vitest';
import { benches, isLocked, LOCK, pinOf } from '../../test/cards.ts';
import { productionCvAnchors } from '../cv/anchor.ts';
import { VisualApplication } from './application.ts';

const { insert, trust } = benches();
const PNG = '89504e470d0a1a0a';
const JP2 = '0000000c6a5020200d0a870a';

async function read(options: Parameters<typeof insert>[0] = {}) {
  const bench = await insert(options);
  return { ...bench, visual: new VisualApplication(bench.card), anchors: await trust() };
}

const starts = (bytes: Uint8Array) => ({
  with: (hex: string) => Buffer.from(bytes).toString('hex').startsWith(hex),
});

describe('the face', () => {
  test.each(['numberA', 'numberB'] as const)(
    'comes with %s, proven, and leaves the card locked',
    async (by) => {
      const bench = await read();
      const { visual, secrets, anchors, virtual } = bench;
      const secret = by === 'numberA' ? { numberA: secrets.a() } : { numberB: secrets.b() };
      const face = await visual.face({ secret, trust: anchors });
      expect(face.proof).toEqual({ status: 'verified', findings: [], hierarchy: 'simulator' });
      for (const image of [face.name, face.address, face.securityCode])
        expect(starts(image).with(PNG)).toBe(true);
      expect(starts(face.photo).with(JP2)).toBe(true);
      expect(face.expiry > face.birthDate).toBe(true);
      expect(virtual.verifyCount).toBe(1);
      expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
      expect(await isLocked(bench)).toBe(true);
    },
  );

  test('of three kilobytes takes no more commands than its reads and nine others', async () => {
    const { visual, secrets, anchors, log } = await read();
    await visual.face({ secret: { numberA: secrets.a() }, trust: anchors });
    const reads = log.filter(({ command }) => command.startsWith('00B0')).length;
    expect(log.length - reads).toBe(8);
  });

  test('under production keys is shown as unverified', async () => {
    const { visual, secrets } = await read();
    const face = await visual.face({ secret: { numberA: secrets.a() }, trust: productionCvAnchors() });
    expect(face.proof).toMatchObject({ status: 'unverified', findings: [{ code: 'CV_CA_UNKNOWN' }] });
  });

  test('unchecked says so', async () => {
    const { visual, secrets, log } = await read();
    const face = await visual.face({ secret: { numberA: secrets.a() }, trust: 'unproven' });
    expect(face.proof.findings).toMatchObject([{ code: 'NOT_CHECKED' }]);
    expect(log.some(({ command }) => command.startsWith('802A'))).toBe(false);
  });
});

test('the age record comes with the birth date alone, and not with 照合番号A', async () => {
  const { visual, secrets, anchors, virtual } = await read();
  const { birthDate, proof } = await visual.ageRecord({ birth: secrets.birth(), trust: anchors });
  expect(birthDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(proof.status).toBe('verified');
  expect(virtual.verifyCount).toBe(1);
});

test('the image of the 個人番号 comes with 照合番号A', async () => {
  const { visual, secrets, anchors } = await read();
  const { image, proof } = await visual.numberImage({ numberA: secrets.a(), trust: anchors });
  expect(starts(image).with(PNG)).toBe(true);
  expect(proof.status).toBe('verified');
});

test('the tries left of its three secrets take seven commands', async () => {
  const { visual, log } = await read();
  expect(await visual.triesLeft()).toEqual({ birth: 10, numberA: 10, numberB: 10 });
  expect(log).toHaveLength(7);
});

test('the application tells its municipality without a secret', async () => {
  const { visual, virtual } = await read();
  const { municipality, identification } = await visual.basicInformation();
  expect(municipality).toBe(virtual.persona.holder.municipalityCode);
  expect(Buffer.from(identification).toString('hex')).toBe('06030e01');
});

test('a wrong birth date costs one of ten tries', async () => {
  const { visual, anchors } = await read();
  const call = visual.ageRecord({ birth: pinOf('010101'), trust: anchors });
  await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', reference: 'birth', triesLeft: 9 });
});

describe('a forged face', () => {
  /** Bits in the pieces of 256 bytes that the face is read in, and in the answer to the challenge. */
  test.each<[string, FaultScript, string]>([
    ['its photo', [{ kind: 'bit-flip', at: { command: '00B0', nth: 6 }, bit: 100 }], 'RECORD_WRONG'],
    ['its name', [{ kind: 'bit-flip', at: { command: '00B0', nth: 2 }, bit: 1000 }], 'RECORD_WRONG'],
    ['the challenge', [{ kind: 'bit-flip', at: { command: '802A' }, bit: 9 }], 'CHALLENGE_WRONG'],
  ])('(%s) is not handed out', async (_, faults, code) => {
    const bench = await read({ faults });
    const call = bench.visual.face({ secret: { numberA: bench.secrets.a() }, trust: bench.anchors });
    await expect(call).rejects.toMatchObject({
      code: 'ERR_CARD_FORGED',
      proof: { status: 'forged', findings: [{ code }] },
    });
    expect(await isLocked(bench)).toBe(true);
  });
});
