import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BIN } from './jpki.ts';
import { RecordingBench, type Secrets } from './recording-bench.ts';

const bench = new RecordingBench();

bench.write('report.txt', 'a report, 報告書\n');

describe('a recorded command', () => {
  it.each<[string, readonly string[], Secrets]>([
    ['status', ['status'], {}],
    ['cert-sign', ['cert', 'sign', '--format', 'pem'], { pin: 'ABC123' }],
    ['attributes', ['attributes', '--trust', 'simulator', '--json'], { pin: '2345' }],
    ['apdu', ['apdu', 'select jpki => 9000', 'reset', 'select 0018 => 6A82'], {}],
  ])('%s replays with the same output', async (name, args, secrets) => {
    const recorded = await bench.record(`${name}.apdu`, args, secrets);
    expect(recorded.stderr).toContain(`Trace: ${name}.apdu. PINs are not in it`);
    const replayed = await bench.replay(`${name}.apdu`, args, secrets);
    expect([replayed.code, withoutPlace(replayed.stdout)]).toEqual([
      recorded.code,
      withoutPlace(recorded.stdout),
    ]);
    expect(recorded.code).toBe(0);
  });

  /** Milliseconds, which a replay has of its own. */
  const withoutPlace = (text: string) => text.replace(/\d+(\.\d+)? ms/g, '');

  it.each([['sign', 'ABC123', 'cades', '--detached']])(
    'sign --key %s replays with the same signature, byte by byte (%s, %s %s)',
    async (...words) => {
      const [key, pin, format, option] = words;
      const trace = words.join('');
      const args = (output: string) => [
        ...['sign', 'report.txt', '--key', key, '--format', format, option],
        ...['-o', output],
      ];
      expect((await bench.record(trace, args(`${trace}.1`), { pin })).code).toBe(0);
      expect((await bench.replay(trace, args(`${trace}.2`), { pin })).code).toBe(0);
      expect(readFileSync(bench.path(`${trace}.2`)).equals(readFileSync(bench.path(`${trace}.1`)))).toBe(
        true,
      );
    },
  );

  it('pin change replays, and the new PIN is in neither', async () => {
    const args = ['pin', 'change', 'auth', '--new-pin-fd', '4'];
    const secrets = { pin: '1234', second: '7391' };
    expect((await bench.record('change.apdu', args, secrets)).code).toBe(0);
    expect((await bench.replay('change.apdu', args, secrets)).code).toBe(0);
    expect(bench.read('change.apdu')).toMatch(/^> 0020008004\{pin:4\}$/m);
    expect(bench.read('change.apdu')).toMatch(/^> 0024018004\{pin:4\}$/m);
    expect(bench.read('change.apdu')).not.toContain('37333931');
  });

  it('a wrong PIN replays as a wrong PIN, and is in no file and no output', async () => {
    const secrets = { pin: 'CANARY77' };
    const recorded = await bench.record('wrong.apdu', ['cert', 'sign', '--json'], secrets);
    const replayed = await bench.replay('wrong.apdu', ['cert', 'sign', '--json'], secrets);
    for (const { code, json } of [recorded, replayed]) {
      expect(code).toBe(4);
      expect(json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 4 } });
    }
    const hex = Buffer.from(secrets.pin).toString('hex').toUpperCase();
    const shown = await bench.call(['trace', 'show', 'wrong.apdu', '--verbose']);
    const all = [recorded, replayed, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    for (const text of [bench.read('wrong.apdu'), ...all]) {
      expect(text).not.toContain(secrets.pin);
      expect(text.replaceAll(/\s/g, '')).not.toContain(hex);
    }
    expect(shown.stdout).toContain('4 tries left');
  });

  it('tells in its header what it is, without the names of files', async () => {
    bench.write('private-letter.txt', 'x');
    await bench.record('header.apdu', ['sign', 'private-letter.txt', '--detached'], { pin: 'ABC123' });
    const [text] = bench.read('header.apdu').split('\n\n');
    expect(text).toMatch(/^#! apdu-trace 1\n# title: jpki sign\n# atr: 3B[0-9A-F]+\n/);
    expect(text).toMatch(/# software: jpki \d+\.\d+\.\d+\n/);
    expect(text).toContain('# holder: invented\n');
    expect(text).toMatch(/# recorded: 20\d\d-/);
    expect(bench.read('header.apdu')).not.toContain('private-letter');
    expect(statSync(bench.path('header.apdu')).mode & 0o777).toBe(0o600);
  });
});

describe('the file of --trace', () => {
  it('never replaces a file unasked: 9, before any PIN', async () => {
    bench.write('there.apdu', '#! apdu-trace 1\n');
    const { code, json, stderr } = await bench.record('there.apdu', ['cert', 'sign', '--json'], {
      pin: 'ABC123',
    });
    expect([code, json['error']]).toMatchObject([9, { code: 'ERR_FILE_EXISTS' }]);
    expect(stderr).not.toContain('Tries left');
    expect(bench.read('there.apdu')).toBe('#! apdu-trace 1\n');
    expect((await bench.record('there.apdu', ['cert', 'sign', '--force'], { pin: 'ABC123' })).code).toBe(0);
    expect(bench.read('there.apdu')).toContain('# title: jpki cert sign');
  });

  it('never replaces what is no trace, whatever was asked', async () => {
    const args = ['sign', 'report.txt', '--detached', '--force'];
    const { code, stderr } = await bench.record('report.txt', args, { pin: 'ABC123' });
    expect(code).toBe(9);
    expect(stderr).toContain('not a trace');
    expect(bench.read('report.txt')).toBe('a report, 報告書\n');
  });

  it.each(['nowhere/a.apdu', '.'])('that cannot be made (%s) ends with 9, nothing sent', async (trace) => {
    const { code, stdout, stderr } = await bench.record(trace, ['status']);
    expect([code, stdout]).toEqual([9, '']);
    expect(stderr).toContain(trace);
  });

  it('is not left behind where there was no card, and an earlier trace stays', async () => {
    bench.write('earlier.apdu', '#! apdu-trace 1\n');
    const env = { PCSCLITE_CSOCK_NAME: bench.path('nobody') };
    const before = readdirSync(bench.folder).filter((name) => name.startsWith('.'));
    for (const name of ['none.apdu', 'earlier.apdu']) {
      const { code } = await bench.run(['status', '--trace', name, '--force'], { env });
      expect(code).toBe(3);
    }
    expect(existsSync(bench.path('none.apdu'))).toBe(false);
    expect(bench.read('earlier.apdu')).toBe('#! apdu-trace 1\n');
    expect(readdirSync(bench.folder).filter((name) => name.startsWith('.'))).toEqual(before);
  });

  it('that breaks off on a full disk costs the exit code and nothing else', () => {
    // Files end after 2048 bytes; the signal for it is ignored, so that writing fails as on a full disk.
    const script = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`;
    const jpki = [process.execPath, BIN, '--card', 'sim:', 'status', '--trace', 'full.apdu'];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, ...jpki], {
      cwd: bench.folder,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', JPKI_SIM_PKI: bench.pki },
      encoding: 'utf8',
    });
    expect(status).toBe(9);
    expect(stdout).toContain('Serial number');
    expect(stderr).toContain('full.apdu breaks off (EFBIG)');
    expect(bench.read('full.apdu').endsWith('\n')).toBe(true);
    expect(statSync(bench.path('full.apdu')).size).toBeGreaterThan(1000);
  });

  it.each([
    [['verify', 'report.txt', '--trace', 'x.apdu']],
    [['readers', '--trace', 'x.apdu']],
    [['doctor', '--trace', 'x.apdu']],
    [['trace', 'show', 'base.apdu', '--trace', 'x.apdu']],
    [['status', '--synthesize']],
    [['status', '--trace', '']],
    [['--card', 'trace:base.apdu', 'status', '--trace', 'x.apdu']],
  ])('is refused where it makes no sense: %j', async (args) => {
    const { code, stderr } = await bench.call(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--trace|--synthesize/);
    expect(existsSync(bench.path('x.apdu'))).toBe(false);
  });
});

describe('a process that is killed', () => {
  it('leaves a trace of what was sent', async () => {
    const { code } = await bench.run(['--card', 'sim:', 'apdu', '--trace', 'killed.apdu'], {
      stdin: 'select jpki\n'.repeat(20_000),
      meanwhile: async (child) => {
        for (let size = 0; size < 1000; await new Promise((resolve) => setTimeout(resolve, 5)))
          size = statSync(bench.path('killed.apdu'), { throwIfNoEntry: false })?.size ?? 0;
        child.kill('SIGKILL');
      },
    });
    expect(code).toBeNull();
    const text = bench.read('killed.apdu');
    expect(text).toContain('> 00A4040C0AD392F000260100000001\n< 9000');
    expect(text).not.toContain('! closed');
    expect((await bench.call(['trace', 'show', 'killed.apdu', '--no-data'])).code).toBe(0);
  });
});
