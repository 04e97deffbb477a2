import { describe, expect, test } from 'vitest';
import { failureFrom, loadPcscliteAddon } from './pcsclite-addon.ts';

describe('the errors of the addon', () => {
  test.each([
    ['SCardConnect error: Sharing violation.(0x8010000b)', 0x8010000b],
    ['SCardTransmit error: Karte\nentfernt.(0x80100069)', 0x80100069],
    ['SCardConnect error: sign-extended (0xffffffff8010000B)', 0x8010000b],
  ])('carry their code in the text: %j', (text, scardCode) => {
    expect(failureFrom(new Error(text))).toMatchObject({ name: 'ScardFailure', scardCode });
  });

  test('come through as they are without a code', () => {
    const error = new Error('Card Reader not connected');
    expect(failureFrom(error)).toBe(error);
  });
});

test('an addon that cannot be loaded is a typed error of one line', () => {
  const load = () => {
    throw new Error('Could not locate the bindings file. Tried:\n → a\n → b');
  };
  expect(() => loadPcscliteAddon(load)).toThrow(
    expect.objectContaining({
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
      message: expect.stringMatching(/^the PC\/SC addon pcsclite is not compiled[^\n]*$/),
    }),
  );
});
