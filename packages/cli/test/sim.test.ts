import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();

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
