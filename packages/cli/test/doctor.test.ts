import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();

describe.concurrent('jpki doctor', () => {
  it('finds nothing wrong with a virtual card: 0', async () => {
    const { code, stdout, stderr } = await bench.call(['--card', 'sim:', 'doctor']);
    expect(code).toBe(0);
    expect(stdout).toContain('[ok]     card in sim:adult: Individual Number Card');
    expect(stdout).toContain('generation 3 (simulator)');
    expect(stderr).toBe('Nothing stands in the way.\n');
  });

  it('ends with 0 after a warning, and with 7 after a problem, each with its remedy', async () => {
    const child = await bench.call(['--card', 'sim:child', 'doctor']);
    expect([child.code, child.stderr]).toEqual([0, '0 problems, 1 warning.\n']);
    const blocked = await bench.call(['--card', 'sim:blocked', 'doctor', '--lang', 'ja']);
    expect(blocked.code).toBe(7);
    expect(blocked.stdout).toMatch(/\[問題\] {3}署名用パスワード: ロック中\n +→ 市区町村窓口/);
  });

  it.each(['ja', 'en'])('is one JSON document in %s, the same codes in both', async (language) => {
    const { json, stderr } = await bench.call([
      '--card',
      'sim:expired',
      'doctor',
      '--json',
      '--lang',
      language,
    ]);
    expect(stderr).toBe('');
    expect(Object.keys(json)).toEqual(['findings']);
    expect(json['findings']).toContainEqual({
      code: 'AUTH_CERTIFICATE_EXPIRED',
      severity: 'problem',
      message: expect.any(String),
      remedy: expect.stringMatching(/^[^\n]+$/),
    });
  });

  it('without a service ends with 7, as a process', async () => {
    const env = { PCSCLITE_CSOCK_NAME: bench.path('nobody') };
    const { code, json } = await bench.run(['doctor', '--json'], { env });
    expect(code).toBe(7);
    expect(json['findings']).toContainEqual(
      expect.objectContaining({ code: 'SERVICE_NOT_RUNNING', severity: 'problem' }),
    );
  });
});
