import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench, BIN, type Run } from './jpki.ts';

const bench = new Bench();
const read = (name: string) => readFileSync(bench.path(name), 'utf8');
const write = (name: string, content: string | Uint8Array) => writeFileSync(bench.path(name), content);

write('report.txt', 'a report, 報告書\n');

interface Secrets {
  readonly pin?: string;
  readonly second?: string;
}

const fds = ({ pin }: Secrets) => (pin === undefined ? [] : ['--pin-fd', '3']);

/** Runs a command with the virtual card, and records it. */
function record(trace: string, args: readonly string[], secrets: Secrets = {}): Promise<Run> {
  return bench.call(['--card', 'sim:', '--trace', trace, ...args, ...fds(secrets)], secrets);
}

/** Runs a command with the trace as its card. */
function replay(trace: string, args: readonly string[], secrets: Secrets = {}): Promise<Run> {
  return bench.call(['--card', `trace:${trace}`, ...args, ...fds(secrets)], secrets);
}

describe('a recorded command', () => {
  it.each<[string, readonly string[], Secrets]>([
    ['status', ['status'], {}],
    ['cert-sign', ['cert', 'sign', '--format', 'pem'], { pin: 'ABC123' }],
    ['attributes', ['attributes', '--trust', 'simulator', '--json'], { pin: '2345' }],
    ['apdu', ['apdu', 'select jpki => 9000', 'reset', 'select 0018 => 6A82'], {}],
  ])('%s replays with the same output', async (name, args, secrets) => {
    const recorded = await record(`${name}.apdu`, args, secrets);
    expect(recorded.stderr).toContain(`Trace: ${name}.apdu. PINs are not in it`);
    const replayed = await replay(`${name}.apdu`, args, secrets);
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
      expect((await record(trace, args(`${trace}.1`), { pin })).code).toBe(0);
      expect((await replay(trace, args(`${trace}.2`), { pin })).code).toBe(0);
      expect(readFileSync(bench.path(`${trace}.2`)).equals(readFileSync(bench.path(`${trace}.1`)))).toBe(
        true,
      );
    },
  );

  it('pin change replays, and the new PIN is in neither', async () => {
    const args = ['pin', 'change', 'auth', '--new-pin-fd', '4'];
    const secrets = { pin: '1234', second: '7391' };
    expect((await record('change.apdu', args, secrets)).code).toBe(0);
    expect((await replay('change.apdu', args, secrets)).code).toBe(0);
    expect(read('change.apdu')).toMatch(/^> 0020008004\{pin:4\}$/m);
    expect(read('change.apdu')).toMatch(/^> 0024018004\{pin:4\}$/m);
    expect(read('change.apdu')).not.toContain('37333931');
  });

  it('a wrong PIN replays as a wrong PIN, and is in no file and no output', async () => {
    const secrets = { pin: 'CANARY77' };
    const recorded = await record('wrong.apdu', ['cert', 'sign', '--json'], secrets);
    const replayed = await replay('wrong.apdu', ['cert', 'sign', '--json'], secrets);
    for (const { code, json } of [recorded, replayed]) {
      expect(code).toBe(4);
      expect(json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 4 } });
    }
    const hex = Buffer.from(secrets.pin).toString('hex').toUpperCase();
    const shown = await bench.call(['trace', 'show', 'wrong.apdu', '--verbose']);
    const all = [recorded, replayed, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    for (const text of [read('wrong.apdu'), ...all]) {
      expect(text).not.toContain(secrets.pin);
      expect(text.replaceAll(/\s/g, '')).not.toContain(hex);
    }
    expect(shown.stdout).toContain('4 tries left');
  });

  it('tells in its header what it is, without the names of files', async () => {
    write('private-letter.txt', 'x');
    await record('header.apdu', ['sign', 'private-letter.txt', '--detached'], { pin: 'ABC123' });
    const [text] = read('header.apdu').split('\n\n');
    expect(text).toMatch(/^#! apdu-trace 1\n# title: jpki sign\n# atr: 3B[0-9A-F]+\n/);
    expect(text).toMatch(/# software: jpki \d+\.\d+\.\d+\n/);
    expect(text).toContain('# holder: invented\n');
    expect(text).toMatch(/# recorded: 20\d\d-/);
    expect(read('header.apdu')).not.toContain('private-letter');
    expect(statSync(bench.path('header.apdu')).mode & 0o777).toBe(0o600);
  });
});

/** The recorded `jpki status`, for tests that change it. */
async function statusTrace(): Promise<string> {
  if (!existsSync(bench.path('base.apdu'))) await record('base.apdu', ['status']);
  return read('base.apdu');
}

describe('a replayed card', () => {
  it('takes any PIN of the recorded length, and no other', async () => {
    await record('auth.apdu', ['sign', 'report.txt', '--format', 'raw', '--key', 'auth'], { pin: '1234' });
    const again = ['sign', 'report.txt', '--format', 'raw', '--key', 'auth', '--force'];
    expect((await replay('auth.apdu', again, { pin: '9876' })).code).toBe(0);
    await record('long.apdu', ['cert', 'sign'], { pin: 'ABC123' });
    const { code, stderr } = await replay('long.apdu', ['cert', 'sign'], { pin: 'CANARY77' });
    expect(code).toBe(7);
    expect(stderr).toMatch(/long\.apdu, line \d+: VERIFY 署名用パスワード came with other data/);
    expect(stderr).not.toMatch(/CANARY|43414E/);
  });

  it('wants a PIN like every other', async () => {
    await record('wants.apdu', ['cert', 'sign'], { pin: 'ABC123' });
    expect((await replay('wants.apdu', ['cert', 'sign', '--no-input'])).code).toBe(2);
  });

  it('is removed where the recorded one was', async () => {
    const lines = (await statusTrace()).split('\n');
    const third = lines.indexOf(lines.filter((line) => line.startsWith('> '))[2] ?? '');
    write('removed.apdu', [...lines.slice(0, third + 1), '! removed', ''].join('\n'));
    const { code, json } = await replay('removed.apdu', ['status', '--json']);
    expect([code, json['error']]).toMatchObject([7, { code: 'ERR_CARD_REMOVED' }]);
  });

  it('says in words and by line what was recorded and what came instead', async () => {
    await statusTrace();
    const en = await replay('base.apdu', ['cert', 'auth']);
    expect(en.code).toBe(7);
    expect(en.stderr).toMatch(
      /base\.apdu, line \d+: recorded was SELECT トークン情報, the command sent SELECT 利用者証明用電子証明書/,
    );
    const ja = await replay('base.apdu', ['cert', 'auth', '--lang', 'ja']);
    expect(ja.stderr).toMatch(/\d+ 行目: 記録は 選択 トークン情報/);
    const { json } = await replay('base.apdu', ['cert', 'auth', '--json']);
    expect(json).toMatchObject({ error: { code: 'ERR_TRACE_MISMATCH' } });
  });

  it('says what was left over, and the command leaves nothing behind', async () => {
    await record('over.apdu', ['sign', 'report.txt', '--detached', '-o', 'over.1'], { pin: 'ABC123' });
    const closed = read('over.apdu').replace('! closed\n', '');
    write('over.apdu', `${closed}> 00A4040C0AD392F000260100000001\n< 9000\n`);
    const args = ['sign', 'report.txt', '--detached', '-o', 'over.2'];
    const { code, stderr } = await replay('over.apdu', args, { pin: 'ABC123' });
    expect(code).toBe(7);
    expect(stderr).toMatch(/from line \d+ on \(SELECT 公的個人認証AP\), 1 recorded command was not sent/);
    expect(existsSync(bench.path('over.2'))).toBe(false);
  });

  it('ends where the trace ends', async () => {
    const lines = (await statusTrace()).split('\n');
    write('short.apdu', `${lines.slice(0, 30).join('\n')}\n`);
    const { code, json } = await replay('short.apdu', ['status', '--json']);
    expect(code).toBe(7);
    expect(json['error']).toMatchObject({ code: expect.stringMatching(/ERR_TRACE_(ENDED|REDACTED)/) });
  });

  it('cannot give what was left out of the recording', async () => {
    const text = (await statusTrace()).replace(/^< 4A504B49[0-9A-F]+\n {2}9000/m, '< {personal:32}9000');
    expect(text).toContain('{personal:32}');
    write('redacted.apdu', text);
    const { code, stderr } = await replay('redacted.apdu', ['status']);
    expect(code).toBe(7);
    expect(stderr).toContain('the answer to READ トークン情報');
    expect(stderr).toContain('--synthesize');
  });

  it('is listed with what its trace knows', async () => {
    await statusTrace();
    const { code, json } = await replay('base.apdu', ['readers', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      readers: [{ name: 'sim:adult', cardPresent: true, cardKind: 'individual-number-card' }],
    });
  });
});

describe('the file of --trace', () => {
  it('never replaces a file unasked: 9, before any PIN', async () => {
    write('there.apdu', '#! apdu-trace 1\n');
    const { code, json, stderr } = await record('there.apdu', ['cert', 'sign', '--json'], { pin: 'ABC123' });
    expect([code, json['error']]).toMatchObject([9, { code: 'ERR_FILE_EXISTS' }]);
    expect(stderr).not.toContain('Tries left');
    expect(read('there.apdu')).toBe('#! apdu-trace 1\n');
    expect((await record('there.apdu', ['cert', 'sign', '--force'], { pin: 'ABC123' })).code).toBe(0);
    expect(read('there.apdu')).toContain('# title: jpki cert sign');
  });

  it('never replaces what is no trace, whatever was asked', async () => {
    const args = ['sign', 'report.txt', '--detached', '--force'];
    const { code, stderr } = await record('report.txt', args, { pin: 'ABC123' });
    expect(code).toBe(9);
    expect(stderr).toContain('not a trace');
    expect(read('report.txt')).toBe('a report, 報告書\n');
  });

  it.each(['nowhere/a.apdu', '.'])('that cannot be made (%s) ends with 9, nothing sent', async (trace) => {
    const { code, stdout, stderr } = await record(trace, ['status']);
    expect([code, stdout]).toEqual([9, '']);
    expect(stderr).toContain(trace);
  });

  it('is not left behind where there was no card, and an earlier trace stays', async () => {
    write('earlier.apdu', '#! apdu-trace 1\n');
    const env = { PCSCLITE_CSOCK_NAME: bench.path('nobody') };
    const before = readdirSync(bench.folder).filter((name) => name.startsWith('.'));
    for (const name of ['none.apdu', 'earlier.apdu']) {
      const { code } = await bench.run(['status', '--trace', name, '--force'], { env });
      expect(code).toBe(3);
    }
    expect(existsSync(bench.path('none.apdu'))).toBe(false);
    expect(read('earlier.apdu')).toBe('#! apdu-trace 1\n');
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
    expect(read('full.apdu').endsWith('\n')).toBe(true);
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

describe('jpki trace show', () => {
  it('says in words what was done, in both languages, opened or not', async () => {
    await record('words.apdu', ['attributes', '--trust', 'simulator'], { pin: '2345' });
    const en = await bench.call(['trace', 'show', 'words.apdu']);
    expect(en.code).toBe(0);
    expect(en.stdout).toMatch(/SELECT 券面事項入力補助AP.* 9000\n/);
    expect(en.stdout).toMatch(/VERIFY 券面事項入力補助用暗証番号 → 3 tries left/);
    expect(en.stdout).toContain('模擬');
    const closed = await bench.call(['trace', 'show', 'words.apdu', '--no-data', '--lang', 'ja']);
    expect(closed.stdout).toContain('選択 券面事項入力補助AP');
    expect(closed.stdout).not.toContain('模擬');
    const verbose = await bench.call(['trace', 'show', 'words.apdu', '--verbose']);
    expect(verbose.stdout.length).toBeGreaterThan(en.stdout.length);
    const { json } = await bench.call(['trace', 'show', 'words.apdu', '--json']);
    expect(json).toMatchObject({
      trace: { schema: 'jpki-apdu-trace', header: { title: 'jpki attributes' } },
      steps: expect.arrayContaining([
        expect.objectContaining({ kind: 'verify', sw: '9000', file: '券面事項入力補助用暗証番号' }),
      ]),
      totals: { commands: expect.any(Number), triesSpent: [] },
    });
  });

  it('reads stdin', async () => {
    const { code, stdout } = await bench.run(['trace', 'show', '-', '--no-data'], {
      stdin: await statusTrace(),
    });
    expect(code).toBe(0);
    expect(stdout).toContain('ASK 署名用パスワード → 5 tries left');
    expect((await bench.run(['trace', 'show', ''])).code).toBe(9);
  });

  it.each([
    ['missing', undefined],
    ['a folder', 'folder'],
    ['empty', ''],
    ['prose', 'Dear Sir or Madam,\n'],
    ['bytes', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 73) & 0xff))],
    ['a version to come', '#! apdu-trace 9\n'],
    ['a trace with a broken line', '#! apdu-trace 1\n> 00A4\n< 9000\n> XYZ\n'],
    ['a trace that controls the terminal', '#! apdu-trace 1\n# title: \u001b[2J\n'],
    ['a trace with an APDU longer than any', `#! apdu-trace 1\n> ${'00'.repeat(70_000)}\n`],
  ])('%s: 9, and says so', async (name, content) => {
    const file = `bad ${name}`;
    if (content === 'folder') mkdirSync(bench.path(file));
    else if (content !== undefined) write(file, content);
    for (const command of ['show', 'export', 'replay']) {
      const { code, stdout, stderr } = await bench.call(['--card', 'sim:', 'trace', command, file]);
      expect([code, stdout]).toEqual([9, '']);
      expect(stderr).toContain(file);
      expect(stderr).not.toContain('\u001b');
    }
    const asCard = await replay(file, ['status', '--json']);
    expect(asCard.code).toBe(9);
  });
});

/** The words of the command that makes a trace of a log. */
const MAKE_TRACE = ['trace', 'import'];

const DUMP = `# Generated on Sat, 21 Nov 2026 12:00:00 +0900 by apdu4j/20.08.12
# Using Invented Reader 00 00
# ATR: 3B800181
# PROTOCOL: T=1
#
# Sent
00A4040C0AD392F000260100000001
# Received in 40ms
9000
# Sent
00A4020C020018
# Received in 10ms
9000
# Sent
002000800437333931
# Received in 10ms
63C2
`;

describe('jpki trace import and export', () => {
  it('makes a trace of a log, without the PIN that the log has', async () => {
    write('dump.txt', DUMP);
    const { code, stderr } = await bench.call([...MAKE_TRACE, 'dump.txt', '-o', 'dump.apdu']);
    expect([code, stderr]).toEqual([0, 'Written: dump.apdu\n']);
    expect(read('dump.apdu')).toContain('# holder: person');
    expect(read('dump.apdu')).toContain('> 0020008004{pin:4}');
    const shown = await bench.call(['trace', 'show', 'dump.txt']);
    expect(shown.stdout).toContain('VERIFY 利用者証明用暗証番号');
    for (const text of [shown.stdout, read('dump.apdu')]) expect(text).not.toMatch(/37 ?33 ?39 ?31/);
    expect((await bench.call([...MAKE_TRACE, 'dump.txt', '-o', 'dump.apdu'])).code).toBe(9);
    const other = [...MAKE_TRACE, 'dump.txt', '--format', 'opensc'];
    expect((await bench.call([...other, '--json'])).code).toBe(9);
  });

  it('writes JSON and pcap, whole or not at all', async () => {
    await statusTrace();
    const { json } = await bench.call(['trace', 'export', 'base.apdu']);
    expect(json).toMatchObject({ schema: 'jpki-apdu-trace', version: 1 });
    expect(
      (await bench.call(['trace', 'export', 'base.apdu', '--format', 'pcap', '-o', 'a.pcap'])).code,
    ).toBe(0);
    // libpcap's magic number for times in microseconds or nanoseconds, in either order of bytes.
    expect(readFileSync(bench.path('a.pcap')).toString('hex', 0, 4)).toMatch(
      /^(a1b2c3d4|d4c3b2a1|a1b23c4d|4d3cb2a1)$/,
    );
    const again = await bench.call(['trace', 'export', 'base.apdu', '-o', 'a.pcap', '--json']);
    expect(again.json).toMatchObject({ error: { code: 'ERR_FILE_EXISTS' } });
  });
});

describe('jpki trace diff', () => {
  it('ends like diff: 0 for equal ones, 1 for others', async () => {
    await statusTrace();
    await record('second.apdu', ['status']);
    const same = await bench.call(['trace', 'diff', 'base.apdu', 'second.apdu']);
    expect([same.code, same.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^no differences/)]);
    await record('other.apdu', ['pin', 'status']);
    const { code, json } = await bench.call(['trace', 'diff', 'base.apdu', 'other.apdu', '--json']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ equal: false });
    expect(JSON.stringify(json['differences'])).toContain('READ');
  });

  it('leaves out certificates when asked', async () => {
    await record('adult.apdu', ['cert', 'auth']);
    await bench.call(['--card', 'sim:child', 'cert', 'auth', '--trace', 'child.apdu']);
    const args = ['trace', 'diff', 'adult.apdu', 'child.apdu'];
    expect((await bench.call(args)).code).toBe(1);
    expect((await bench.call([...args, '--ignore', 'certificates'])).code).toBe(0);
  });
});

describe('jpki trace replay', () => {
  const tries = async (state: string) =>
    (await bench.call(['--card', `sim:adult@${state}`, 'pin', 'status', '--json'])).json;

  it('asks a card the same again, without PIN and signature, and spends no try', async () => {
    await record('signed.apdu', ['sign', 'report.txt', '-o', 'signed.p7m'], { pin: 'ABC123' });
    await record('spoilt.apdu', ['cert', 'sign'], { pin: 'WRONG77' });
    const before = await tries('tries');
    for (const trace of ['signed.apdu', 'spoilt.apdu', 'spoilt.apdu']) {
      const args = ['--card', 'sim:adult@tries', 'trace', 'replay', trace, '--json'];
      const { code, json } = await bench.call(args);
      expect(code).toBe(0);
      expect(json).toMatchObject({
        equal: true,
        skipped: expect.arrayContaining([
          expect.objectContaining({ reason: 'secret', what: 'VERIFY 署名用パスワード' }),
        ]),
      });
    }
    expect(await tries('tries')).toEqual(before);
    const spoken = await bench.call(['--card', 'sim:', 'trace', 'replay', 'signed.apdu']);
    expect(spoken.stderr).toMatch(/skipped line \d+: SIGN SHA-256 DigestInfo \(would use a key/);
    expect(spoken.stderr).toMatch(/READ 署名用電子証明書.*\(needs the PIN that was skipped\)/);
  });

  it('sends nothing that a hostile trace would like to be sent', async () => {
    const commands = [
      '00A4040C0AD392F000260100000001',
      '00A4020C020018',
      '002000800430303030',
      '0C20008004303030300000',
      '00C200000900200080043030303000',
      '00240180083030303039393939',
      '803200800430303030',
      '00200080',
    ];
    const body = commands.map((command) => `> ${command}\n< ${command === '00200080' ? '63C3' : '9000'}\n`);
    write('hostile.apdu', `#! apdu-trace 1\n${body.join('')}`);
    const { code, json } = await bench.call([
      ...['--card', 'sim:adult@hostile', 'trace', 'replay', 'hostile.apdu', '--json'],
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ sent: 3, equal: true });
    expect(await tries('hostile')).toMatchObject({ pins: { auth: { triesLeft: 3 } } });
  });

  it('reports what the card answers otherwise, with 1', async () => {
    await record('whole.apdu', ['pin', 'status']);
    await bench.call(['--card', 'sim:adult@spent', 'cert', 'sign', '--pin-fd', '3'], { pin: 'WRONG77' });
    const { code, stdout } = await bench.call([
      ...['--card', 'sim:adult@spent', 'trace', 'replay', 'whole.apdu'],
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/status words differ[\s\S]*5 tries left {2}63C5[\s\S]*4 tries left {2}63C4/);
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
    const text = read('killed.apdu');
    expect(text).toContain('> 00A4040C0AD392F000260100000001\n< 9000');
    expect(text).not.toContain('! closed');
    expect((await bench.call(['trace', 'show', 'killed.apdu', '--no-data'])).code).toBe(0);
  });
});
