import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();
const jpki = (...args: string[]) => bench.run(['--card', 'sim:', ...args]);

describe.concurrent('jpki status', () => {
  it('has the JSON shape of the contract and asks no PIN', async () => {
    const { code, json, stderr } = await jpki('status', '--json');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(json).toEqual({
      cardKind: 'individual-number-card',
      token: 'JPKIAPICCTOKEN2',
      applications: ['jpki', 'text', 'visual', 'resident', 'common'],
      certificates: { sign: true, auth: true },
      pins: {
        sign: { triesLeft: 5, max: 5 },
        auth: { triesLeft: 3, max: 3 },
        text: { triesLeft: 3, max: 3 },
        resident: { triesLeft: 3, max: 3 },
      },
      card: {
        expiry: expect.stringMatching(/^\d{4}-06-15$/),
        renewableFrom: expect.stringMatching(/^\d{4}-03-16$/),
      },
      cardId: expect.stringMatching(/^[0-9a-f]{64}$/),
      authCertificate: {
        notBefore: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
        notAfter: expect.stringMatching(/T14:59:59\.000Z$/),
        daysLeft: expect.any(Number),
        renewableFrom: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        serial: expect.stringMatching(/^[0-9A-F]+$/),
      },
    });
  });

  it('tells a person the same, in their language', async () => {
    expect((await jpki('status')).stdout).toContain('5 of 5 tries left');
    const ja = await jpki('status', '--lang', 'ja');
    expect(ja.stdout).toContain('署名用パスワード: 残り 5 回');
    expect(ja.stdout).toContain('利用者証明用暗証番号: 残り 3 回');
    expect(ja.stdout).toContain('更新可能日');
  });

  it.each([
    ['child', { certificates: { sign: false, auth: true } }],
    ['no-certificates', { certificates: { sign: false, auth: false }, authCertificate: null }],
    [
      'face-auth',
      {
        certificates: { sign: false, auth: true },
        pins: { sign: { triesLeft: null }, auth: { triesLeft: null } },
      },
    ],
    [
      'blocked',
      {
        pins: {
          sign: { triesLeft: 0 },
          auth: { triesLeft: 0 },
          text: { triesLeft: 0 },
          resident: { triesLeft: 0 },
        },
      },
    ],
    ['expired', { authCertificate: { daysLeft: 0 } }],
    ['phone-android', { cardKind: 'phone-android', applications: ['jpki'], authCertificate: null }],
    ['phone-iphone', { cardKind: 'phone-iphone' }],
    ['juki', { cardKind: 'juki-card', certificates: { sign: false, auth: false }, authCertificate: null }],
    ['foreign-resident', { certificates: { sign: true, auth: true } }],
    ['revoked', { certificates: { sign: true, auth: true } }],
    ['generation-1', { cardKind: 'individual-number-card' }],
    ['generation-2', { cardKind: 'individual-number-card' }],
    ['generation-3', { cardKind: 'individual-number-card' }],
  ])('knows the persona %s', async (persona, expected) => {
    const { code, json } = await bench.call(['--card', `sim:${persona}`, 'status', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject(expected);
    expect((await bench.call(['--card', `sim:${persona}`, 'status'])).code).toBe(0);
  });

  it('refuses a persona that is none: 2', async () => {
    const { code, stderr } = await bench.run(['--card', 'sim:nobody', 'status']);
    expect(code).toBe(2);
    expect(stderr).toContain('foreign-resident');
  });
});

describe.concurrent('jpki pin status', () => {
  it('shows the counters of every PIN', async () => {
    const { json } = await jpki('pin', 'status', '--json');
    expect(json).toMatchObject({
      pins: {
        sign: { triesLeft: 5 },
        auth: { triesLeft: 3 },
        text: { triesLeft: 3 },
        resident: { triesLeft: 3 },
      },
    });
    expect((await bench.run(['--card', 'sim:blocked', 'pin', 'status'])).stdout).toContain('BLOCKED');
  });
});

describe.concurrent('jpki readers', () => {
  it('shows the virtual card in a reader of its own', async () => {
    const { code, json } = await jpki('readers', '--json');
    expect(code).toBe(0);
    expect(json).toEqual({
      readers: [
        {
          name: 'sim:adult',
          cardPresent: true,
          atr: '3BE000FF8131FE4514',
          cardKind: 'individual-number-card',
          inUse: false,
        },
      ],
    });
    expect((await jpki('readers')).stdout).toContain('T=1');
    expect((await jpki('readers', '--watch')).stdout).toContain('sim:adult');
  });
});
