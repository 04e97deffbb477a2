import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench, type Run } from './jpki.ts';

const bench = new Bench();
const CARD = ['--card', 'sim:adult@card.state'];

beforeAll(() => {
  writeFileSync(bench.path('report.txt'), 'a report');
});

/** Signs with a PIN on descriptor 3; a card of its own state file unless one is named. */
function sign(
  pin: string | Uint8Array,
  options: { readonly args?: readonly string[]; readonly state?: string } = {},
): Promise<Run> {
  const { args = [], state } = options;
  const card = `sim:adult${state === undefined ? '' : `@${state}`}`;
  return bench.run(['--card', card, 'sign', 'report.txt', '--force', '--pin-fd', '3', ...args], { pin });
}

async function triesLeft(state: string): Promise<unknown> {
  const { json } = await bench.run(['--card', `sim:adult@${state}`, 'pin', 'status', '--json']);
  return json['pins'];
}

describe.concurrent('a wrong PIN', () => {
  it('costs exactly one try and says how many are left', async () => {
    const { code, stderr, stdout } = await sign('WRONG1', { state: 'wrong.state' });
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toContain('4 tries left');
    expect(await triesLeft('wrong.state')).toMatchObject({
      sign: { triesLeft: 4, max: 5 },
      auth: { triesLeft: 3, max: 3 },
    });
  });

  it('of the authentication key costs a try of that key alone', async () => {
    const { code, json } = await sign('9999', { state: 'auth.state', args: ['--key', 'auth', '--json'] });
    expect(code).toBe(4);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 2, remedy: 'reenter-pin' } });
    expect(await triesLeft('auth.state')).toMatchObject({ sign: { triesLeft: 5 }, auth: { triesLeft: 2 } });
  });

  it('leaves no file, and a right one restores the tries', async () => {
    const wrong = await sign('WRONG1', { state: 'restore.state', args: ['-o', 'restored.p7m'] });
    expect(wrong.code).toBe(4);
    expect(existsSync(bench.path('restored.p7m'))).toBe(false);
    expect((await sign('ABC123\n', { state: 'restore.state', args: ['-o', 'restored.p7m'] })).code).toBe(0);
    expect(await triesLeft('restore.state')).toMatchObject({ sign: { triesLeft: 5 } });
  });

  it('never reaches an output of the command', async () => {
    const { stdout, stderr } = await sign('CANARY77', { state: 'canary.state', args: ['--json'] });
    expect(`${stdout}${stderr}`).not.toContain('CANARY77');
  });
});

describe.concurrent('a malformed PIN', () => {
  const malformed: readonly [what: string, key: 'sign' | 'auth', pin: string | Uint8Array][] = [
    ['empty', 'sign', ''],
    ['a lone newline', 'sign', '\n'],
    ['too short', 'sign', 'ABC12'],
    ['too long', 'sign', 'ABCDEFGHIJ1234567'],
    ['longer than anything', 'sign', 'A'.repeat(5000)],
    ['full-width letters', 'sign', 'ＡＢＣ１２３'],
    ['full-width digits', 'auth', '１２３４'],
    ['letters', 'auth', 'abcd'],
    ['five digits', 'auth', '12345'],
    ['three digits', 'auth', '123'],
    ['a space', 'auth', '123 '],
    ['a tab', 'sign', 'ABC\t123'],
    ['a NUL', 'auth', '123\0'],
    ['an escape sequence', 'sign', 'ABC123\x1b[A'],
    ['two newlines', 'auth', '1234\n\n'],
    ['a lone CR', 'auth', '1234\r'],
    ['a byte order mark', 'auth', '\ufeff1234'],
    ['punctuation', 'sign', 'ABC-123'],
    ['bytes that are no UTF-8', 'sign', Uint8Array.of(0xff, 0xfe, 0x41, 0x42, 0x43, 0x44)],
  ];

  it.each(malformed)('(%s, %s key) is refused before the card is touched', async (what, key, pin) => {
    const state = `malformed-${what.replaceAll(' ', '-')}.state`;
    const { code, json } = await bench.call(
      [
        '--card',
        `sim:adult@${state}`,
        'sign',
        'report.txt',
        '--force',
        '--pin-fd',
        '3',
        '--key',
        key,
        '--json',
      ],
      { pin },
    );
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_FORMAT' } });
    // The card keeps what happens to it in this file; nothing happened.
    expect(existsSync(bench.path(state))).toBe(false);
  });

  it('can come from stdin too', async () => {
    const { code } = await bench.run(['--card', 'sim:', 'sign', 'report.txt', '--force', '--pin-stdin'], {
      stdin: 'short',
    });
    expect(code).toBe(2);
  });
});

describe.concurrent('a well-formed PIN', () => {
  it.each(['ABC123', 'ABC123\n', 'ABC123\r\n'])('%j signs', async (pin) => {
    expect((await sign(pin)).code).toBe(0);
  });

  it('in lower case is sent in upper case, and the person hears of it', async () => {
    const { code, stderr } = await sign('abc123');
    expect(code).toBe(0);
    expect(stderr).toContain('upper case');
  });

  it('comes from stdin with --pin-stdin', async () => {
    const { code } = await bench.run(['--card', 'sim:', 'sign', 'report.txt', '--force', '--pin-stdin'], {
      stdin: 'ABC123\n',
    });
    expect(code).toBe(0);
  });

  it('of the persona is used without a PIN option, and the person hears of it', async () => {
    const { code, stderr } = await bench.run([
      '--card',
      'sim:',
      '--no-input',
      'sign',
      'report.txt',
      '--force',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('Virtual card "adult"');
    expect(stderr).not.toContain('ABC123');
  });
});

describe.concurrent('a blocked PIN', () => {
  it.each(['sign', 'auth'])('(%s) ends with 5 and says what to do', async (key) => {
    const { code, stderr } = await bench.run([
      '--card',
      'sim:blocked',
      'sign',
      'report.txt',
      '--force',
      '--key',
      key,
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain('市区町村窓口');
    expect(stderr).toContain('kiosk');
  });

  it('says it in Japanese too', async () => {
    const { stderr } = await bench.run([
      '--card',
      'sim:blocked',
      'sign',
      'report.txt',
      '--force',
      '--lang',
      'ja',
    ]);
    expect(stderr).toContain('署名用パスワードはロックされています');
    expect(stderr).toContain('市区町村窓口');
    expect(stderr).toContain('キオスク端末');
  });

  it('is a JSON document with no tries left', async () => {
    const { code, json } = await bench.run([
      '--card',
      'sim:blocked',
      'sign',
      'report.txt',
      '--force',
      '--json',
    ]);
    expect(code).toBe(5);
    expect(json).toMatchObject({
      error: { code: 'ERR_PIN_BLOCKED', remedy: 'visit-municipality', triesLeft: 0 },
    });
  });

  it('comes of the last wrong try', async () => {
    const state = 'lost.state';
    for (const left of [2, 1]) {
      const { json } = await sign('0000', { state, args: ['--key', 'auth', '--json'] });
      expect(json).toMatchObject({ error: { triesLeft: left } });
    }
    const last = await sign('0000', { state, args: ['--key', 'auth', '--allow-last-try', '1', '--json'] });
    expect(last.code).toBe(5);
    expect(last.json).toMatchObject({ error: { code: 'ERR_PIN_BLOCKED', triesLeft: 0 } });
  });
});

describe.concurrent('the last try', () => {
  it('is not spent without consent, not even on the right PIN, and is with it', async () => {
    const state = 'last.state';
    for (let wrong = 0; wrong < 4; wrong++) expect((await sign('WRONG1', { state })).code).toBe(4);
    const refused = await sign('ABC123', { state, args: ['--json'] });
    expect(refused.code).toBe(8);
    expect(refused.json).toMatchObject({ error: { code: 'ERR_PIN_LAST_TRY', triesLeft: 1 } });
    expect(await triesLeft(state)).toMatchObject({ sign: { triesLeft: 1 } });
    // Consent is for the number that was shown: another one is no consent.
    expect((await sign('ABC123', { state, args: ['--allow-last-try', '2'] })).code).toBe(8);
    expect((await sign('ABC123', { state, args: ['--allow-last-try', '1'] })).code).toBe(0);
    expect(await triesLeft(state)).toMatchObject({ sign: { triesLeft: 5 } });
  });
});

describe.concurrent('where a PIN may come from', () => {
  it('is never the command line', async () => {
    for (const args of [['--pin', '1234'], ['--pin=1234']]) {
      const { code, stdout, stderr } = await bench.run([...CARD, 'sign', 'report.txt', ...args]);
      expect(code).toBe(2);
      expect(`${stdout}${stderr}`).not.toContain('1234');
      expect(stderr).toContain('--pin-fd');
    }
  });

  it.each([
    ['two sources at once', ['--pin-fd', '3', '--pin-stdin']],
    ['stdout', ['--pin-fd', '1']],
    ['a descriptor that is not open', ['--pin-fd', '99']],
    ['no number', ['--pin-fd', 'three']],
  ])('is not %s', async (_, args) => {
    expect((await bench.run(['--card', 'sim:', 'sign', 'report.txt', '--force', ...args])).code).toBe(2);
  });

  it('is nobody under --no-input, whatever card there is', async () => {
    const { code, json } = await bench.run(['sign', 'report.txt', '--force', '--no-input', '--json']);
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_NEEDED' } });
  });
});
