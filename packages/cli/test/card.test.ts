import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();
const jpki = (...args: string[]) => bench.run(['--card', 'sim:', ...args]);
/** The same without a process of its own. */
const inside = (...args: string[]) => bench.call(['--card', 'sim:', ...args]);

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

describe.concurrent('jpki cert', () => {
  it.each(['auth', 'sign', 'auth-ca', 'sign-ca'])('%s is one certificate in every format', async (name) => {
    const pem = await inside('cert', name, '--format', 'pem');
    expect(pem.code).toBe(0);
    const certificate = new X509Certificate(pem.stdout);
    const json = await inside('cert', name, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      pem: pem.stdout,
      serial: certificate.serialNumber.replace(/^0+/, ''),
    });
    expect((await inside('cert', name, '--format', 'der', '-o', `${name}.der`)).code).toBe(0);
    expect(readFileSync(bench.path(`${name}.der`)).equals(certificate.raw)).toBe(true);
    const text = await inside('cert', name);
    expect(text.stdout).toContain('O=JPKI-SIMULATOR');
    const document = await inside('cert', name, '--json');
    expect(document.json).toMatchObject({ certificate: { pem: pem.stdout } });
  });

  it('asks the password for the signing certificate alone', async () => {
    expect((await inside('cert', 'sign')).stderr).toContain('Tries left: 5 of 5');
    for (const free of ['auth', 'auth-ca', 'sign-ca']) expect((await inside('cert', free)).stderr).toBe('');
    const wrong = await bench.call(['--card', 'sim:', 'cert', 'sign', '--pin-fd', '3'], { pin: 'WRONG1' });
    expect(wrong.code).toBe(4);
  });

  it('shows no name or address of the holder', async () => {
    expect((await inside('cert', 'sign')).stdout).not.toMatch(/模擬|架空/);
  });

  it('asks the PIN for the authentication certificate of a phone that wants it', async () => {
    const { code, stderr } = await bench.call(['--card', 'sim:phone-android', 'cert', 'auth']);
    expect(code).toBe(0);
    expect(stderr).toContain('Tries left: 3 of 3');
  });

  it('verifies with --verify, also where the virtual card has just made its CA', async () => {
    const env = { JPKI_SIM_PKI: bench.path('fresh-keys') };
    const args = ['--card', 'sim:', 'cert', 'auth-ca', '--verify', '--trust', 'simulator'];
    expect((await bench.run(args, { env })).code).toBe(0);
  });

  it('verifies with --verify', async () => {
    const trusted = ['--verify', '--trust', 'simulator'];
    expect((await inside('cert', 'auth', ...trusted)).code).toBe(6);
    const valid = await inside('cert', 'auth', ...trusted, '--revocation', 'off', '--json');
    expect(valid.code).toBe(0);
    expect(valid.json).toMatchObject({
      verification: { verdict: 'valid', notChecked: [{ code: 'REVOCATION' }] },
    });
    expect((await inside('cert', 'sign-ca', ...trusted)).code).toBe(0);
    const unknown = await inside('cert', 'auth', '--verify', '--json');
    expect(unknown.code).toBe(6);
    expect(unknown.json).toMatchObject({ verification: { findings: [{ code: 'CA_UNKNOWN' }] } });
  });

  it('never replaces a file unasked: 9', async () => {
    expect((await inside('cert', 'auth', '-o', 'auth.txt')).code).toBe(0);
    expect((await inside('cert', 'auth', '-o', 'auth.txt')).code).toBe(9);
    expect((await inside('cert', 'auth', '-o', 'auth.txt', '--force')).code).toBe(0);
  });

  it.each([
    ['child', 'sign'],
    ['no-certificates', 'auth'],
  ])('ends with 3 when the card (%s) has no %s certificate', async (persona, name) => {
    const { code, json } = await bench.call(['--card', `sim:${persona}`, 'cert', name, '--json']);
    expect(code).toBe(3);
    expect(json).toMatchObject({ error: { code: 'ERR_CERTIFICATE_ABSENT' } });
  });
});

describe.concurrent('jpki sim', () => {
  it('lists the personas with their public PINs', async () => {
    const { code, json } = await bench.run(['sim', 'personas', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      personas: expect.arrayContaining([
        expect.objectContaining({
          name: 'adult',
          cardKind: 'individual-number-card',
          pins: { sign: 'ABC123', auth: '1234', text: '2345', resident: '3456' },
          codes: {
            a: expect.stringMatching(/^\d{12}$/),
            b: expect.stringMatching(/^600615\d{4}4321$/),
            birth: '600615',
          },
        }),
        expect.objectContaining({
          name: 'face-auth',
          pins: { sign: null, auth: null, text: null, resident: null },
          codes: { a: expect.any(String), b: expect.any(String), birth: expect.any(String) },
        }),
        expect.objectContaining({ name: 'phone-android', codes: { a: null, b: null, birth: null } }),
      ]),
    });
    expect((await bench.run(['sim', 'personas', '--lang', 'ja'])).stdout).toContain(
      '大人のマイナンバーカード',
    );
  });

  it('writes the CA certificates, their CRLs and the keys of card certificates', async () => {
    const { code, json } = await bench.run(['sim', 'pki', 'cas', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject({ folder: 'cas' });
    for (const kind of ['sign', 'auth']) {
      for (const generation of [1, 2, 3]) {
        const name = `cas/simulator-${kind}-ca-${generation}`;
        expect(new X509Certificate(readFileSync(bench.path(`${name}.pem`))).ca).toBe(true);
        expect(existsSync(bench.path(`${name}.crl`))).toBe(true);
      }
    }
    const { anchors } = JSON.parse(readFileSync(bench.path('cas/cv-anchors.json'), 'utf8'));
    expect(anchors).toHaveLength(3);
    for (const { hierarchy } of anchors) expect(hierarchy).toBe('simulator');
    expect((await bench.run(['sim', 'pki', 'cas'])).code).toBe(9);
    expect((await bench.run(['sim', 'pki', 'cas', '--force'])).code).toBe(0);
  });

  it('keeps the card’s state in the file after @, and nothing without it', async () => {
    const wrong = { pin: '0000' };
    const args = ['cert', 'auth', '--pin-fd', '3'];
    await bench.run(['--card', 'sim:phone-android@phone.state', ...args], wrong);
    expect(existsSync(bench.path('phone.state'))).toBe(true);
    const kept = await bench.run(['--card', 'sim:phone-android@phone.state', 'pin', 'status', '--json']);
    expect(kept.json).toMatchObject({ pins: { auth: { triesLeft: 2 } } });
    const fresh = await bench.run(['--card', 'sim:phone-android', 'pin', 'status', '--json']);
    expect(fresh.json).toMatchObject({ pins: { auth: { triesLeft: 3 } } });
  });

  it('serve puts the card into the reader that listens, says so in one line, and ends with 130', async () => {
    const reader = createServer();
    const served = new Promise<Buffer>((resolve) => {
      reader.once('connection', (socket) => {
        // vpcd: frames of a two-byte length; the one byte 04 asks for the answer to reset.
        socket.write(Uint8Array.of(0, 1, 4));
        socket.on('data', resolve);
        socket.on('error', () => undefined);
      });
    });
    await new Promise<void>((resolve) => reader.listen(0, '127.0.0.1', resolve));
    const address = reader.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, stdout } = await bench.run(
      ['sim', 'serve', '--persona', 'child', '--vpcd', `127.0.0.1:${port}`],
      {
        meanwhile: async (child) => {
          expect((await served).toString('hex')).toBe('00093be000ff8131fe4514');
          child.kill('SIGINT');
        },
      },
    );
    reader.close();
    expect(code).toBe(130);
    expect(stdout.trim().split('\n')).toEqual([expect.stringContaining('"child"')]);
  });

  it.each([
    ['--vpcd', 'nowhere'],
    ['--vpcd', '127.0.0.1:99999'],
    ['--persona', 'nobody'],
  ])('serve refuses %s %s: 2', async (...args) => {
    expect((await bench.call(['sim', 'serve', ...args])).code).toBe(2);
  });
});
