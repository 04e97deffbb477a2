import { createHash } from 'node:crypto';
import { digestOf, readCertificate, type Signer, verifyRsa } from '@jpki/core';
import { Card, type CardChannel, Pin, PinOutcomeUnknownError, toHex } from '@jpki/iso7816';
import {
  type FaultScript,
  openSimulatorPki,
  openVirtualCard,
  type PersonaName,
  type SimulatorPki,
  type VirtualCard,
} from '@jpki/simulator';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { CardSignatureInvalidError, CertificateAbsentError, PinFormatError } from '../errors.ts';
import type { PinProvider } from '../pin-source.ts';
import { JpkiApplication } from './application.ts';

let pki: SimulatorPki;

beforeAll(async () => {
  pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
});

const SIGN_PIN = 'ABC123';
const AUTH_PIN = '1234';
const pin = (text: string) => Pin.fromBytes(Buffer.from(text));
const digest = digestOf('sha256', Buffer.from('a document'));
const LOCK = '00A4040C07A0000001510000';

interface Bench {
  readonly card: Card;
  readonly virtual: VirtualCard;
  readonly jpki: JpkiApplication;
  /** Every command in hex, and its status word. */
  readonly log: { command: string; sw: string }[];
}

async function insert(persona: PersonaName = 'adult', faults: FaultScript = []): Promise<Bench> {
  const virtual = await openVirtualCard({ persona, pki, faults });
  const log: Bench['log'] = [];
  const channel: CardChannel = {
    atr: virtual.atr,
    transmit: async (command) => {
      const entry = { command: toHex(command), sw: '' };
      log.push(entry);
      const answer = await virtual.transmit(command);
      entry.sw = toHex(answer.subarray(-2));
      return answer;
    },
    [Symbol.asyncDispose]: () => virtual[Symbol.asyncDispose](),
  };
  const card = new Card(channel);
  return { card, virtual, jpki: new JpkiApplication(card), log };
}

/** Whether the card refuses to sign, asked over a second application object with no PIN. */
async function isLocked({ card }: Bench): Promise<boolean> {
  const answers = await card.exclusive(async (session) => {
    await session.selectDf(Buffer.from('D392F000260100000001', 'hex'));
    const words = [];
    for (const key of [0x0017, 0x001a]) {
      await session.selectEf(key);
      const { sw } = await session.transmit({ cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: digest, le: 256 });
      words.push(sw);
    }
    return words;
  });
  return answers.every((sw) => sw === 0x6982);
}

describe('reading', () => {
  test('the auth certificate and both CA certificates need no PIN', async () => {
    const { jpki, virtual } = await insert();
    expect(readCertificate(await jpki.auth.certificate()).extensions.isCa()).toBe(false);
    expect(readCertificate(await jpki.auth.caCertificate()).extensions.isCa()).toBe(true);
    expect(readCertificate(await jpki.sign.caCertificate()).extensions.isCa()).toBe(true);
    expect(virtual.verifyCount).toBe(0);
  });

  test('the auth certificate takes SELECT, SELECT and the reads it must', async () => {
    const { jpki, log } = await insert();
    const certificate = await jpki.auth.certificate();
    expect(log).toHaveLength(2 + Math.ceil(certificate.length / 256));
  });

  test('the signing certificate is not to be had without its password', async () => {
    const { jpki, virtual } = await insert();
    await expect(jpki.sign.certificate()).rejects.toMatchObject({
      code: 'ERR_PIN_REQUIRED',
      reference: 'sign',
    });
    expect(virtual.verifyCount).toBe(0);
  });

  test('the signing certificate with its password leaves the card locked', async () => {
    const bench = await insert();
    const certificate = readCertificate(await bench.jpki.sign.certificate({ pin: pin(SIGN_PIN) }));
    expect(certificate.holderAttributes().name).toContain('模擬');
    expect(await isLocked(bench)).toBe(true);
  });

  test('the tries left of both PINs cost none', async () => {
    const { jpki, log } = await insert();
    expect(await jpki.triesLeft()).toEqual({ sign: 5, auth: 3 });
    expect(await jpki.triesLeft()).toEqual({ sign: 5, auth: 3 });
    expect(log).toHaveLength(10);
  });

  test('a card without the application is named as such', async () => {
    const { jpki } = await insert('juki');
    const token = await jpki.token().catch((error: unknown) => error);
    expect(token).toMatchObject({ kind: 'juki-card' });
  });
});

describe('withSigner', () => {
  test('signs with the auth key in the seven commands it takes when the certificate is known', async () => {
    const { jpki, log } = await insert();
    const certificate = await jpki.auth.certificate();
    log.length = 0;
    const signature = await jpki.auth.withSigner({ pin: pin(AUTH_PIN), certificate }, (signer) =>
      signer.sign('sha256', digest),
    );
    const key = readCertificate(certificate).publicKey;
    expect(verifyRsa(key, 'sha256', Buffer.from('a document'), signature)).toBe(true);
    expect(log).toHaveLength(7);
    expect(log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
  });

  test('signs a document in ten commands and the reads of the certificate', async () => {
    const { jpki, log } = await insert();
    const length = await jpki.sign.withSigner({ pin: pin(SIGN_PIN) }, async (signer) => {
      await signer.sign('sha256', digest);
      return signer.certificate.length;
    });
    expect(log).toHaveLength(10 + Math.ceil(length / 256));
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'makes %s signatures the certificate confirms',
    async (hash) => {
      const { jpki } = await insert();
      const document = Buffer.from('a document');
      await jpki.auth.withSigner({ pin: pin(AUTH_PIN) }, async (signer) => {
        const signature = await signer.sign(hash, createHash(hash).update(document).digest());
        expect(signature).toHaveLength(signer.signatureLength);
        expect(verifyRsa(readCertificate(signer.certificate).publicKey, hash, document, signature)).toBe(
          true,
        );
      });
    },
  );

  test('spends one PIN for many signatures, also when they are asked for at once', async () => {
    const { jpki, virtual } = await insert();
    const digests = ['a', 'b', 'c', 'd'].map((text) => digestOf('sha256', Buffer.from(text)));
    const signatures = await jpki.sign.withSigner({ pin: pin(SIGN_PIN) }, (signer) =>
      Promise.all(digests.map((each) => signer.sign('sha256', each))),
    );
    expect(new Set(signatures.map(toHex)).size).toBe(4);
    expect(virtual.verifyCount).toBe(1);
  });

  test('tells the counter right before the PIN goes out', async () => {
    const { jpki, log } = await insert();
    const told: [number, number][] = [];
    await jpki.auth.withSigner(
      { pin: pin(AUTH_PIN), onTriesLeft: (n) => told.push([n, log.length]) },
      async () => {},
    );
    expect(told).toEqual([[3, 3]]);
    expect(log[3]?.command).toMatch(/^0020008004/);
  });

  test('a malformed PIN sends nothing at all', async () => {
    const { jpki, log } = await insert();
    const given = pin('12345');
    await expect(jpki.auth.withSigner({ pin: given }, async () => {})).rejects.toBeInstanceOf(PinFormatError);
    expect(log).toEqual([]);
    expect(given.used).toBe(true);
  });

  test('a wrong PIN costs one try, says how many are left, and the right one restores them', async () => {
    const { jpki, virtual } = await insert();
    const wrong = jpki.auth.withSigner({ pin: pin('9999') }, async () => {});
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
    expect(virtual.verifyCount).toBe(1);
    expect(await jpki.auth.triesLeft()).toBe(2);
    await jpki.auth.withSigner({ pin: pin(AUTH_PIN) }, async () => {});
    expect(await jpki.auth.triesLeft()).toBe(3);
  });

  test('a blocked PIN is not sent, and not asked for', async () => {
    const { jpki, virtual } = await insert('blocked');
    let asked = 0;
    const provider: PinProvider = async () => {
      asked++;
      return pin(AUTH_PIN);
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
      const { jpki, virtual } = await insert(persona);
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
    await jpki.sign.withSigner({ pin: pin('abc123') }, async () => {});
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
      return pin(AUTH_PIN);
    };
    await jpki.auth.withSigner({ pin: provider }, async () => {});
    expect(requests).toEqual([{ reference: 'auth', triesLeft: 3, maxTries: 3, signal: undefined }]);
  });

  test('a try spent by somebody else meanwhile stops the PIN', async () => {
    const { jpki, virtual } = await insert();
    const provider: PinProvider = async () => {
      await jpki.auth.withSigner({ pin: pin('0000') }, async () => {}).catch(() => {});
      return pin(AUTH_PIN);
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
      await jpki.auth.withSigner({ pin: pin(wrong) }, async () => {}).catch(() => {});
    const unasked = jpki.auth.withSigner(
      { pin: () => expect.unreachable('nobody is asked') },
      async () => {},
    );
    await expect(unasked).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', triesLeft: 1 });
    await jpki.auth.withSigner({ pin: pin(AUTH_PIN), allowLastTry: { expected: 1 } }, async () => {});
    expect(virtual.verifyCount).toBe(3);
    expect(await jpki.auth.triesLeft()).toBe(3);
  });
});

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
      .withSigner({ pin: pin(SIGN_PIN), signal: abort.signal }, (signer) => work(signer, abort))
      .catch(() => {});
    expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
    expect(await isLocked(bench)).toBe(true);
  });

  test('after a wrong PIN the card is locked too', async () => {
    const bench = await insert();
    await bench.jpki.auth.withSigner({ pin: pin('9999') }, async () => {}).catch(() => {});
    expect(bench.log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
  });

  test('a signer that escapes its scope signs nothing', async () => {
    const { jpki } = await insert();
    const escaped = await jpki.auth.withSigner({ pin: pin(AUTH_PIN) }, async (signer) => signer);
    await expect(escaped.sign('sha256', digest)).rejects.toBeInstanceOf(TypeError);
  });

  test('a card removed at the locking command leaves the result and a warning', async () => {
    const counting = await insert();
    await counting.jpki.auth.withSigner({ pin: pin(AUTH_PIN) }, (signer) => signer.sign('sha256', digest));
    const { jpki } = await insert('adult', [{ kind: 'remove', at: counting.log.length }]);
    const failures: unknown[] = [];
    const options = { pin: pin(AUTH_PIN), onLockFailed: (error: unknown) => failures.push(error) };
    const signature = await jpki.auth.withSigner(options, (signer) => signer.sign('sha256', digest));
    expect(signature).toHaveLength(256);
    expect(failures).toMatchObject([{ code: 'ERR_CARD_REMOVED' }]);
  });

  test('a card removed at any other command gives an error, no signature and no further VERIFY', async () => {
    const counting = await insert();
    await counting.jpki.sign.withSigner({ pin: pin(SIGN_PIN) }, (signer) => signer.sign('sha256', digest));
    for (let at = 1; at < counting.log.length; at++) {
      for (const executed of [false, true]) {
        const { jpki, virtual } = await insert('adult', [{ kind: 'remove', at, executed }]);
        const outcome = await jpki.sign
          .withSigner({ pin: pin(SIGN_PIN) }, (signer) => signer.sign('sha256', digest))
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

test('a signature that the certificate does not confirm is withheld', async () => {
  const { jpki } = await insert();
  const other = await jpki.auth.caCertificate();
  const signing = jpki.auth.withSigner({ pin: pin(AUTH_PIN), certificate: other }, (signer) =>
    signer.sign('sha256', digest),
  );
  await expect(signing).rejects.toBeInstanceOf(CardSignatureInvalidError);
});

test('the certificate on an Android phone is read with the PIN, and asked for only there', async () => {
  const { jpki, virtual } = await insert('phone-android');
  await expect(jpki.auth.certificate()).rejects.toMatchObject({ code: 'ERR_PIN_REQUIRED' });
  const certificate = await jpki.auth.certificate({ pin: pin(AUTH_PIN) });
  expect(readCertificate(certificate).extensions.isCa()).toBe(false);
  expect(virtual.verifyCount).toBe(1);
});
