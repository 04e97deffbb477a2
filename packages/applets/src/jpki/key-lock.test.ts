import type { Signer } from '@jpki/core';
import { PinOutcomeUnknownError } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { LOCK, pinOf } from '../../test/cards.ts';
import { AUTH_PIN, digest, jpkiCards, refusesToSign, SIGN_PIN } from '../../test/jpki-cards.ts';

const insert = jpkiCards();

describe('the way out', () => {
  const ways: readonly [string, (signer: Signer, abort: AbortController) => Promise<unknown>][] = [
    ['success', async () => 'done'],
    ['an error in the work', () => Promise.reject(new Error('the work failed'))],
    [
      'an abort',
      async (signer, abort) => {
        abort.abort(new Error('no longer wanted'));
        return signer.sign('sha256', digest);
      },
    ],
    [
      'an error beside signatures that nobody waits for any more',
      (signer) =>
        Promise.all([
          Promise.reject(new Error('one document is missing')),
          signer.sign('sha256', digest),
          signer.sign('sha256', digest),
        ]),
    ],
    [
      'a refusal of one of several signatures at once',
      (signer) =>
        Promise.all([
          signer.sign('sha256', digest),
          signer.sign('sha256', new Uint8Array(1)),
          signer.sign('sha256', digest),
        ]),
    ],
    [
      'success beside a signature that nobody waited for',
      async (signer) => void signer.sign('sha256', digest).catch(() => undefined),
    ],
  ];

  test.each(ways)('after %s the card is locked', async (_, work) => {
    const bench = await insert();
    const abort = new AbortController();
    await bench.jpki.sign
      .withSigner({ pin: pinOf(SIGN_PIN), signal: abort.signal }, (signer) => work(signer, abort))
      .catch(() => {});
    expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
    expect(await refusesToSign(bench)).toBe(true);
  });

  test('after a wrong PIN the card is locked too', async () => {
    const bench = await insert();
    await bench.jpki.auth.withSigner({ pin: pinOf('9999') }, async () => {}).catch(() => {});
    expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
  });

  test('a signer that escapes its scope signs nothing', async () => {
    const { jpki } = await insert();
    const escaped = await jpki.auth.withSigner({ pin: pinOf(AUTH_PIN) }, async (signer) => signer);
    await expect(escaped.sign('sha256', digest)).rejects.toBeInstanceOf(TypeError);
  });

  test('a card removed at the locking command leaves the result and a warning', async () => {
    const counting = await insert();
    await counting.jpki.auth.withSigner({ pin: pinOf(AUTH_PIN) }, (signer) => signer.sign('sha256', digest));
    const { jpki } = await insert({ faults: [{ kind: 'remove', at: counting.log.length }] });
    const failures: unknown[] = [];
    const options = { pin: pinOf(AUTH_PIN), onLockFailed: (error: unknown) => failures.push(error) };
    const signature = await jpki.auth.withSigner(options, (signer) => signer.sign('sha256', digest));
    expect(signature).toHaveLength(256);
    expect(failures).toMatchObject([{ code: 'ERR_CARD_REMOVED' }]);
  });

  test('a card removed at any other command gives an error, no signature and no further VERIFY', async () => {
    const counting = await insert();
    await counting.jpki.sign.withSigner({ pin: pinOf(SIGN_PIN) }, (signer) => signer.sign('sha256', digest));
    for (let at = 1; at < counting.log.length; at++) {
      for (const executed of [false, true]) {
        const { jpki, virtual } = await insert({ faults: [{ kind: 'remove', at, executed }] });
        const outcome = await jpki.sign
          .withSigner({ pin: pinOf(SIGN_PIN) }, (signer) => signer.sign('sha256', digest))
          .catch((error: unknown) => error);
        expect(outcome, `removed at ${at}`).toBeInstanceOf(Error);
        const isVerify =
          counting.log[at - 1]?.command.startsWith('00200080') &&
          counting.log[at - 1]?.command !== '00200080';
        expect(outcome instanceof PinOutcomeUnknownError, `removed at ${at}`).toBe(isVerify);
        expect(virtual.verifyCount, `removed at ${at}`).toBeLessThanOrEqual(1);
      }
    }
  });
});
