import { describe, expect, test } from 'vitest';
import { failure, withEverything } from '../../test/fake-binding.ts';
import { openPcsc } from '../pcsc.ts';
import { controlCode, parseReaderFeatures } from './reader-features.ts';

describe('a control code', () => {
  test('is made as each system makes it', () => {
    expect(controlCode(3400, 'linux')).toBe(0x4200_0d48);
    expect(controlCode(3400, 'darwin')).toBe(0x4200_0d48);
    expect(controlCode(3400, 'win32')).toBe(0x0031_3520);
  });
});

describe('the features of a reader', () => {
  const VERIFY = [0x06, 0x04, 0x42, 0x33, 0x00, 0x06];
  const UNKNOWN = [0xee, 0x04, 0x00, 0x00, 0x00, 0x01];

  test('are tags with control codes, of which unknown ones are passed over', () => {
    const features = parseReaderFeatures(Uint8Array.from([...UNKNOWN, ...VERIFY]), 'A');
    expect([...features]).toEqual([['verify-pin-direct', 0x4233_0006]]);
    expect(parseReaderFeatures(new Uint8Array(), 'A').size).toBe(0);
  });

  test.each([
    ['a piece', VERIFY.slice(0, 5)],
    ['a length that is not four', [0x06, 0x03, 0x42, 0x33, 0x00, 0x06]],
    ['more entries than there are tags', Array.from({ length: 257 }, () => VERIFY).flat()],
  ])('are no list when they are %s', (_, bytes) => {
    expect(() => parseReaderFeatures(Uint8Array.from(bytes), 'A')).toThrow(
      expect.objectContaining({ code: 'ERR_PCSC_PROTOCOL', readerName: 'A' }),
    );
  });

  test('are asked for by the control code of this system, and none where the reader has no such list', async () => {
    const binding = withEverything();
    const pcsc = await openPcsc({ binding });
    const channel = await pcsc.connect('A');
    binding.control = async () => Uint8Array.from(VERIFY);
    expect([...(await channel.features()).keys()]).toEqual(['verify-pin-direct']);
    expect(binding.calls).toEqual([`control ${controlCode(3400).toString(16)}`]);
    binding.failures.control.push(failure(0x8010001f));
    expect((await channel.features()).size).toBe(0);
    binding.failures.control.push(failure(0x80100069));
    await expect(channel.features()).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
  });
});
