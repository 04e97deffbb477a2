import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RecordingBench } from './recording-bench.ts';

const bench = new RecordingBench();

bench.write('report.txt', 'a report, 報告書\n');

describe('jpki trace show', () => {
  it('says in words what was done, in both languages, opened or not', async () => {
    await bench.record('words.apdu', ['attributes', '--trust', 'simulator'], { pin: '2345' });
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
      stdin: await bench.statusTrace(),
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
    else if (content !== undefined) bench.write(file, content);
    for (const command of ['show', 'export', 'replay']) {
      const { code, stdout, stderr } = await bench.call(['--card', 'sim:', 'trace', command, file]);
      expect([code, stdout]).toEqual([9, '']);
      expect(stderr).toContain(file);
      expect(stderr).not.toContain('\u001b');
    }
    const asCard = await bench.replay(file, ['status', '--json']);
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
    bench.write('dump.txt', DUMP);
    const { code, stderr } = await bench.call([...MAKE_TRACE, 'dump.txt', '-o', 'dump.apdu']);
    expect([code, stderr]).toEqual([0, 'Written: dump.apdu\n']);
    expect(bench.read('dump.apdu')).toContain('# holder: person');
    expect(bench.read('dump.apdu')).toContain('> 0020008004{pin:4}');
    const shown = await bench.call(['trace', 'show', 'dump.txt']);
    expect(shown.stdout).toContain('VERIFY 利用者証明用暗証番号');
    for (const text of [shown.stdout, bench.read('dump.apdu')]) expect(text).not.toMatch(/37 ?33 ?39 ?31/);
    expect((await bench.call([...MAKE_TRACE, 'dump.txt', '-o', 'dump.apdu'])).code).toBe(9);
    const other = [...MAKE_TRACE, 'dump.txt', '--format', 'opensc'];
    expect((await bench.call([...other, '--json'])).code).toBe(9);
  });

  it('reads the UTF-16 that Windows PowerShell writes', async () => {
    const text = Buffer.from(`\uFEFF${DUMP.replaceAll('\n', '\r\n')}`, 'utf16le');
    for (const [name, bytes] of [
      ['little', text],
      ['big', Buffer.from(text).swap16()],
    ] as const) {
      bench.write(name, bytes);
      const { stdout } = await bench.call(['trace', 'show', name]);
      expect(stdout).toContain('VERIFY 利用者証明用暗証番号');
    }
  });

  it('says that a log is too long, instead of reading all of it', async () => {
    bench.write('endless', '');
    truncateSync(bench.path('endless'), 1024 * 1024 * 1024);
    const { code, stderr } = await bench.call(['trace', 'show', 'endless']);
    expect([code, stderr]).toEqual([9, expect.stringContaining('more than 64 MB')]);
  });

  it('writes JSON and pcap, whole or not at all', async () => {
    await bench.statusTrace();
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
    await bench.statusTrace();
    await bench.record('second.apdu', ['status']);
    const same = await bench.call(['trace', 'diff', 'base.apdu', 'second.apdu']);
    expect([same.code, same.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^no differences/)]);
    await bench.record('other.apdu', ['pin', 'status']);
    const { code, json } = await bench.call(['trace', 'diff', 'base.apdu', 'other.apdu', '--json']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ equal: false });
    expect(JSON.stringify(json['differences'])).toContain('READ');
  });

  it("leaves out certificates when asked, or all that is the holder's and the card's own", async () => {
    await bench.record('adult.apdu', ['cert', 'auth']);
    await bench.call(['--card', 'sim:child', 'cert', 'auth', '--trace', 'child.apdu']);
    const args = ['trace', 'diff', 'adult.apdu', 'child.apdu'];
    expect((await bench.call(args)).code).toBe(1);
    for (const what of ['certificates', 'contents'])
      expect((await bench.call([...args, '--ignore', what])).code).toBe(0);
  });
});

describe('jpki trace replay', () => {
  const tries = async (state: string) =>
    (await bench.call(['--card', `sim:adult@${state}`, 'pin', 'status', '--json'])).json;

  it('asks a card the same again, without PIN and signature, and spends no try', async () => {
    await bench.record('signed.apdu', ['sign', 'report.txt', '-o', 'signed.p7m'], { pin: 'ABC123' });
    await bench.record('spoilt.apdu', ['cert', 'sign'], { pin: 'WRONG77' });
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
    bench.write('hostile.apdu', `#! apdu-trace 1\n${body.join('')}`);
    const { code, json } = await bench.call([
      ...['--card', 'sim:adult@hostile', 'trace', 'replay', 'hostile.apdu', '--json'],
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ sent: 3, equal: true });
    expect(await tries('hostile')).toMatchObject({ pins: { auth: { triesLeft: 3 } } });
  });

  it('reports what the card answers otherwise, with 1', async () => {
    await bench.record('whole.apdu', ['pin', 'status']);
    await bench.call(['--card', 'sim:adult@spent', 'cert', 'sign', '--pin-fd', '3'], { pin: 'WRONG77' });
    const { code, stdout } = await bench.call([
      ...['--card', 'sim:adult@spent', 'trace', 'replay', 'whole.apdu'],
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/status words differ[\s\S]*5 tries left {2}63C5[\s\S]*4 tries left {2}63C4/);
  });
});
