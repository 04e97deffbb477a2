import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RecordingBench } from './recording-bench.ts';

const bench = new RecordingBench();

bench.write('report.txt', 'a report, 報告書\n');

describe('a replayed card', () => {
  it('takes any PIN of the recorded length, and no other', async () => {
    await bench.record('auth.apdu', ['sign', 'report.txt', '--format', 'raw', '--key', 'auth'], {
      pin: '1234',
    });
    const again = ['sign', 'report.txt', '--format', 'raw', '--key', 'auth', '--force'];
    expect((await bench.replay('auth.apdu', again, { pin: '9876' })).code).toBe(0);
    await bench.record('long.apdu', ['cert', 'sign'], { pin: 'ABC123' });
    const { code, stderr } = await bench.replay('long.apdu', ['cert', 'sign'], { pin: 'CANARY77' });
    expect(code).toBe(7);
    expect(stderr).toMatch(/long\.apdu, line \d+: VERIFY 署名用パスワード came with other data/);
    expect(stderr).not.toMatch(/CANARY|43414E/);
  });

  it('wants a PIN like every other', async () => {
    await bench.record('wants.apdu', ['cert', 'sign'], { pin: 'ABC123' });
    expect((await bench.replay('wants.apdu', ['cert', 'sign', '--no-input'])).code).toBe(2);
  });

  it('is removed where the recorded one was', async () => {
    const lines = (await bench.statusTrace()).split('\n');
    const third = lines.indexOf(lines.filter((line) => line.startsWith('> '))[2] ?? '');
    bench.write('removed.apdu', [...lines.slice(0, third + 1), '! removed', ''].join('\n'));
    const { code, json } = await bench.replay('removed.apdu', ['status', '--json']);
    expect([code, json['error']]).toMatchObject([7, { code: 'ERR_CARD_REMOVED' }]);
  });

  it('says in words and by line what was recorded and what came instead', async () => {
    await bench.statusTrace();
    const en = await bench.replay('base.apdu', ['cert', 'auth']);
    expect(en.code).toBe(7);
    expect(en.stderr).toMatch(
      /base\.apdu, line \d+: recorded was SELECT トークン情報, the command sent SELECT 利用者証明用電子証明書/,
    );
    const ja = await bench.replay('base.apdu', ['cert', 'auth', '--lang', 'ja']);
    expect(ja.stderr).toMatch(/\d+ 行目: 記録は 選択 トークン情報/);
    const { json } = await bench.replay('base.apdu', ['cert', 'auth', '--json']);
    expect(json).toMatchObject({ error: { code: 'ERR_TRACE_MISMATCH' } });
  });

  it('says what was left over, and the command leaves nothing behind', async () => {
    await bench.record('over.apdu', ['sign', 'report.txt', '--detached', '-o', 'over.1'], { pin: 'ABC123' });
    const closed = bench.read('over.apdu').replace('! closed\n', '');
    bench.write('over.apdu', `${closed}> 00A4040C0AD392F000260100000001\n< 9000\n`);
    const args = ['sign', 'report.txt', '--detached', '-o', 'over.2'];
    const { code, stderr } = await bench.replay('over.apdu', args, { pin: 'ABC123' });
    expect(code).toBe(7);
    expect(stderr).toMatch(/from line \d+ on \(SELECT 公的個人認証AP\), 1 recorded command was not sent/);
    expect(existsSync(bench.path('over.2'))).toBe(false);
  });

  it('ends where the trace ends', async () => {
    const lines = (await bench.statusTrace()).split('\n');
    bench.write('short.apdu', `${lines.slice(0, 30).join('\n')}\n`);
    const { code, json } = await bench.replay('short.apdu', ['status', '--json']);
    expect(code).toBe(7);
    expect(json['error']).toMatchObject({ code: expect.stringMatching(/ERR_TRACE_(ENDED|REDACTED)/) });
  });

  it('cannot give what was left out of the recording', async () => {
    const text = (await bench.statusTrace()).replace(
      /^< 4A504B49[0-9A-F]+\n {2}9000/m,
      '< {personal:32}9000',
    );
    expect(text).toContain('{personal:32}');
    bench.write('redacted.apdu', text);
    const { code, stderr } = await bench.replay('redacted.apdu', ['status']);
    expect(code).toBe(7);
    expect(stderr).toContain('the answer to READ トークン情報');
    expect(stderr).toContain('--synthesize');
  });

  it('is listed with what its trace knows', async () => {
    await bench.statusTrace();
    const { code, json } = await bench.replay('base.apdu', ['readers', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      readers: [{ name: 'sim:adult', cardPresent: true, cardKind: 'individual-number-card' }],
    });
  });
});
