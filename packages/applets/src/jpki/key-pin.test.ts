import { describe, expect, test } from 'vitest';
import { pinOf } from '../../test/cards.ts';
import { AUTH_PIN, jpkiCards } from '../../test/jpki-cards.ts';
import { CertificateAbsentError, PinFormatError } from '../errors.ts';
import type { PinProvider } from '../pin-source.ts';

const insert = jpkiCards();

describe('the PIN of a key', () => {
  test('tells the counter right before the PIN goes out', async () => {
    const { jpki, log } = await insert();
    const told: [number, number][] = [];
    await jpki.auth.withSigner(
      { pin: pinOf(AUTH_PIN), onTriesLeft: (n) => told.push([n, log.length]) },
      async () => {},
    );
    expect(told).toEqual([[3, 3]]);
    expect(log[3]?.command).toMatch(/^0020008004/);
  });

  test('a malformed PIN sends nothing at all', async () => {
    const { jpki, log } = await insert();
    const given = pinOf('12345');
    await expect(jpki.auth.withSigner({ pin: given }, async () => {})).rejects.toBeInstanceOf(PinFormatError);
    expect(log).toEqual([]);
    expect(given.used).toBe(true);
  });

  test('a wrong PIN costs one try, says how many are left, and the right one restores them', async () => {
    const { jpki, virtual } = await insert();
    const wrong = jpki.auth.withSigner({ pin: pinOf('9999') }, async () => {});
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
    expect(virtual.verifyCount).toBe(1);
    expect(await jpki.auth.triesLeft()).toBe(2);
    await jpki.auth.withSigner({ pin: pinOf(AUTH_PIN) }, async () => {});
    expect(await jpki.auth.triesLeft()).toBe(3);
  });

  test('a blocked PIN is not sent, and not asked for', async () => {
    const { jpki, virtual } = await insert({ persona: 'blocked' });
    let asked = 0;
    const provider: PinProvider = async () => {
      asked++;
      return pinOf(AUTH_PIN);
    };
    await expect(jpki.auth.withSigner({ pin: provider }, async () => {})).rejects.toMatchObject({
      code: 'ERR_PIN_BLOCKED',
      remedy: 'visit-municipality',
    });
    expect([asked, virtual.verifyCount]).toEqual([0, 0]);
  });

  test.each(['child', 'no-certificates'] as const)(
    '%s has no signing certificate, so no password is asked',
    async (persona) => {
      const { jpki, virtual } = await insert({ persona });
      const signing = jpki.sign.withSigner(
        { pin: () => expect.unreachable('nobody is asked') },
        async () => {},
      );
      await expect(signing).rejects.toBeInstanceOf(CertificateAbsentError);
      expect(virtual.verifyCount).toBe(0);
    },
  );

  test('lower case is folded for the signing password', async () => {
    const { jpki, virtual } = await insert();
    await jpki.sign.withSigner({ pin: pinOf('abc123') }, async () => {});
    expect(virtual.verifyCount).toBe(1);
  });
});

describe('asking a person', () => {
  test('happens once, with the counter, while nobody holds the card', async () => {
    const { jpki, card } = await insert();
    const requests: unknown[] = [];
    const provider: PinProvider = async (request) => {
      requests.push(request);
      // Would wait for ever if the card were held while the person thinks.
      await card.exclusive(async () => {});
      return pinOf(AUTH_PIN);
    };
    await jpki.auth.withSigner({ pin: provider }, async () => {});
    expect(requests).toEqual([{ reference: 'auth', triesLeft: 3, maxTries: 3, signal: undefined }]);
  });

  test('a try spent by somebody else meanwhile stops the PIN', async () => {
    const { jpki, virtual } = await insert();
    const provider: PinProvider = async () => {
      await jpki.auth.withSigner({ pin: pinOf('0000') }, async () => {}).catch(() => {});
      return pinOf(AUTH_PIN);
    };
    const signing = jpki.auth.withSigner({ pin: provider }, async () => {});
    await expect(signing).rejects.toMatchObject({ code: 'ERR_PIN_COUNTER_CHANGED', triesLeft: 2 });
    expect(virtual.verifyCount).toBe(1);
  });

  test('a person who gives up costs nothing', async () => {
    const { jpki, virtual } = await insert();
    const provider: PinProvider = async () => {
      throw new Error('cancelled at the prompt');
    };
    await expect(jpki.auth.withSigner({ pin: provider }, async () => {})).rejects.toThrow(
      'cancelled at the prompt',
    );
    expect(virtual.verifyCount).toBe(0);
  });

  test('the last try needs consent before anybody is asked', async () => {
    const { jpki, virtual } = await insert();
    for (const wrong of ['0000', '1111'])
      await jpki.auth.withSigner({ pin: pinOf(wrong) }, async () => {}).catch(() => {});
    const unasked = jpki.auth.withSigner(
      { pin: () => expect.unreachable('nobody is asked') },
      async () => {},
    );
    await expect(unasked).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', triesLeft: 1 });
    await jpki.auth.withSigner({ pin: pinOf(AUTH_PIN), allowLastTry: { expected: 1 } }, async () => {});
    expect(virtual.verifyCount).toBe(3);
    expect(await jpki.auth.triesLeft()).toBe(3);
  });
});
