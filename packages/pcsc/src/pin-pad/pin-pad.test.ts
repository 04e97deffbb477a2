import { Card, fromHex, PinPadError, toHex } from '@jpki/iso7816';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failure, withEverything } from '../../test/fake-binding.ts';
import { openPcsc } from '../pcsc.ts';
import { controlCode } from '../readers/reader-features.ts';
import { pinPad } from './pin-pad.ts';

const VERIFY_CODE = 0x4233_0006;
const MODIFY_CODE = 0x4233_0007;
const FEATURES = fromHex('060442330006070442330007');
const FOUR_DIGITS = { minLength: 4, maxLength: 4, characters: 'digits' } as const;
const PASSWORD = { minLength: 6, maxLength: 16, characters: 'upper-alphanumeric' } as const;

afterEach(() => vi.useRealTimers());

/** A reader with a keypad that answers as told, and what it was told. */
async function reader(answer: string | Error = '9000', features: Uint8Array = FEATURES) {
  const binding = withEverything();
  const requests: [code: number, input: string][] = [];
  binding.control = async (code, input) => {
    if (code === controlCode(3400)) return features;
    requests.push([code, toHex(input)]);
    if (answer instanceof Error) throw answer;
    return fromHex(answer);
  };
  const pcsc = await openPcsc({ binding });
  return { binding, requests, channel: await pcsc.connect('A') };
}

const header = fromHex('00200080');

describe('the keypad of a reader', () => {
  test('is told a command without a PIN, for four ASCII digits', async () => {
    const { requests, channel } = await reader();
    const pad = await pinPad(channel, { language: 'ja', seconds: 15 });
    expect(toHex(await pad.enter({ header, format: FOUR_DIGITS }))).toBe('9000');
    const structure = [
      '0F0F',
      '820400',
      '0404',
      '02',
      '011104',
      '00000000',
      '09000000',
      '0020008004FFFFFFFF',
    ];
    expect(requests).toEqual([[VERIFY_CODE, structure.join('')]]);
  });

  test('is told to take a new PIN twice, in English if wanted', async () => {
    const { requests, channel } = await reader();
    const pad = await pinPad(channel, { language: 'en', seconds: 30 });
    await pad.enter({ header: fromHex('00240180'), format: FOUR_DIGITS });
    const structure = ['1E1E', '820400', '0000', '0404', '0102', '020904', '010200', '000000', '09000000'];
    expect(requests).toEqual([[MODIFY_CODE, `${structure.join('')}0024018004FFFFFFFF`]]);
  });

  test('verifies for a session, and no PIN goes through the channel', async () => {
    const { binding, requests, channel } = await reader();
    const pad = await pinPad(channel);
    await new Card(channel).exclusive(async (session) => {
      await session.selectEf(0x0018);
      await session.verifyOnPad(0x0018, pad, FOUR_DIGITS);
    });
    expect(requests).toHaveLength(1);
    expect(binding.calls.filter((call) => call.startsWith('transmit'))).toEqual(['transmit 00a4020c020018']);
  });

  test.each([
    PASSWORD,
    { ...FOUR_DIGITS, maxLength: 8 },
    { ...FOUR_DIGITS, minLength: 0 },
    { ...FOUR_DIGITS, characters: 'upper-alphanumeric' },
  ] as const)('is never asked for a password or another length: %j', async (format) => {
    const { requests, channel } = await reader();
    const pad = await pinPad(channel);
    await expect(pad.enter({ header, format })).rejects.toMatchObject({
      name: 'PinPadError',
      code: 'ERR_PIN_PAD_REFUSED',
      remedy: 'none',
    });
    expect(requests).toEqual([]);
  });

  test.each([
    ['6400', 'ERR_PIN_PAD_TIMEOUT'],
    ['6401', 'ERR_PIN_PAD_CANCELLED'],
    ['6402', 'ERR_PIN_PAD_MISMATCH'],
    ['6403', 'ERR_PIN_PAD_LENGTH'],
    ['6B80', 'ERR_PIN_PAD_REFUSED'],
  ])('that answers %s sent nothing: %s', async (sw, code) => {
    const { requests, channel } = await reader(sw);
    const pad = await pinPad(channel);
    const entering = pad.enter({ header, format: FOUR_DIGITS });
    await expect(entering).rejects.toBeInstanceOf(PinPadError);
    const remedy = code === 'ERR_PIN_PAD_REFUSED' ? 'none' : 'reenter-pin';
    await expect(entering).rejects.toMatchObject({ code, remedy });
    expect(requests).toHaveLength(1);
  });

  test("hands on the card's own answer, a wrong PIN among them", async () => {
    const { channel } = await reader('63C2');
    const pad = await pinPad(channel);
    expect(toHex(await pad.enter({ header, format: FOUR_DIGITS }))).toBe('63C2');
  });

  test.each([
    [failure(0x8010001f), 'ERR_PIN_PAD_REFUSED'],
    [failure(0x8010000b), 'ERR_PIN_PAD_REFUSED'],
    [failure(0x80100016), 'ERR_PCSC_COMMUNICATION'],
    [failure(0x80100069), 'ERR_CARD_REMOVED'],
    [failure(0x80100068), 'ERR_CARD_RESET'],
  ])('whose request failed with %o: %s, and it is not made again', async (error, code) => {
    const { requests, channel } = await reader(error);
    const pad = await pinPad(channel);
    await expect(pad.enter({ header, format: FOUR_DIGITS })).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  test('that answers with nothing has lost its card', async () => {
    const { channel } = await reader('');
    const pad = await pinPad(channel);
    await expect(pad.enter({ header, format: FOUR_DIGITS })).rejects.toMatchObject({
      code: 'ERR_CARD_REMOVED',
    });
  });

  test('that is not there, or cannot change PINs, is said', async () => {
    const none = await reader('9000', new Uint8Array());
    await expect(pinPad(none.channel)).rejects.toMatchObject({
      code: 'ERR_PCSC_UNSUPPORTED',
      readerName: 'A',
    });
    const verifying = await reader('9000', FEATURES.subarray(0, 6));
    const pad = await pinPad(verifying.channel);
    const change = pad.enter({ header: fromHex('00240180'), format: FOUR_DIGITS });
    await expect(change).rejects.toMatchObject({ code: 'ERR_PIN_PAD_REFUSED' });
    expect(verifying.requests).toEqual([]);
  });

  test('gives a person no longer than a byte can say', async () => {
    const { channel } = await reader();
    for (const seconds of [0, 256, 1.5])
      await expect(pinPad(channel, { seconds })).rejects.toThrow(RangeError);
  });
});
