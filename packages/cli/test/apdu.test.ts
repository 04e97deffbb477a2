import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { JPKI_AID } from '@jpki/applets';
import { toHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { Bench, BIN } from './jpki.ts';
import { Terminal } from './terminal.ts';

const bench = new Bench();
const SELECT = `00A4040C0A${toHex(JPKI_AID)}`;

describe.concurrent('jpki apdu', () => {
  it('sends several commands in one connection and explains what comes', async () => {
    const { code, stdout, stderr } = await bench.call([
      ...['--card', 'sim:', 'apdu', 'select jpki => 9000', '00A4020C020018 => 9000', '00200080 => 63Cx'],
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`> ${SELECT}\n< 9000 success`);
    // A question: nothing was verified, so nothing failed.
    expect(stdout).toContain('> 00200080\n< 63C3 3 tries left · ');
  });

  it('opens data objects', async () => {
    const { stdout } = await bench.call([
      ...['--card', 'sim:', 'apdu', 'select common', 'select 0001', '00B2010400'],
    ]);
    expect(stdout).toMatch(/^ {4}[0-9A-F]{2,4} \(\d+\)/m);
  });

  it('is one JSON document', async () => {
    const { code, json } = await bench.call([
      '--card',
      'sim:',
      'apdu',
      SELECT,
      'atr',
      '00B0000004',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      reader: 'sim:adult',
      atr: expect.stringMatching(/^3B/),
      exchanges: [
        { line: 1, command: SELECT, data: '', sw: '9000', meaning: 'success' },
        { line: 2, atr: expect.stringMatching(/^3B/) },
        { line: 3, sw: '6986' },
      ],
    });
  });

  it('ends with 7 at the first answer that was not expected, and sends nothing after it', async () => {
    const args = ['--card', 'sim:', 'apdu', 'select jpki', 'select 0001 => 6A82|63Cx', 'select 0006'];
    const { code, stdout, stderr } = await bench.call(args);
    expect(code).toBe(7);
    expect(stderr).toMatch(/argument 2: 9000 success; expected 6A82\|63Cx/);
    expect(stdout).not.toContain('00A4020C020006');
    const { json } = await bench.call([...args, '--json']);
    expect(json).toMatchObject({
      exchanges: [{ sw: '9000' }, { sw: '9000', expected: '6A82|63Cx', asExpected: false }],
      error: { code: 'ERR_APDU_UNEXPECTED' },
    });
  });

  it('puts one APDU together that was left in blanks', async () => {
    const { code, stdout } = await bench.call(['--card', 'sim:', 'apdu', ...(SELECT.match(/../g) ?? [])]);
    expect(code).toBe(0);
    expect(stdout).toContain(`> ${SELECT}`);
  });

  it('runs a script from stdin, with comments, words and a name for each line', async () => {
    const script =
      '# the card\n\nselect jpki => 9000\nreset\nselect 0018 => 6Axx # gone\nselect 0018 => 9000\n';
    const { code, stdout, stderr } = await bench.run(['--card', 'sim:', 'apdu', '--lang', 'ja'], {
      stdin: script,
    });
    expect(code).toBe(7);
    expect(stdout).toContain('履歴バイト');
    expect(stderr).toContain('6 行目: 6A82');
  });

  it('runs a script in which a command goes on in the next line, and names the first', async () => {
    const stdin = `# wrapped \\\nselect jpki\n00A4 0400 \\\n  05 A000000308 \\\n  => 9000\n`;
    const { code, stdout, stderr } = await bench.run(['--card', 'sim:', 'apdu'], { stdin });
    expect(code).toBe(7);
    expect(stdout).toContain('> 00A4040005A000000308\n< 6A82');
    expect(stderr).toContain('line 3: 6A82');
  });

  it('takes no trace for a script, and says what plays one', async () => {
    const stdin = '#! apdu-trace 1\n> 00B0000004\n< 6986\n';
    const { code, stdout, stderr } = await bench.run(['--card', 'sim:', 'apdu'], { stdin });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('jpki trace replay');
  });

  it('speaks of quoting where a shell has taken the blanks only', async () => {
    const card = ['--card', 'sim:', 'apdu'];
    expect((await bench.call([...card, '00B0', '000004'])).stderr).toContain('quote');
    expect((await bench.run(card, { stdin: '00B0\n' })).stderr).not.toContain('quote');
  });

  it('runs a script from a file to its quit', async () => {
    writeFileSync(bench.path('script'), 'select jpki\nquit\nselect 0018 => 9001\n');
    expect((await bench.call(['--card', 'sim:', 'apdu', '--file', 'script'])).code).toBe(0);
    expect((await bench.call(['--card', 'sim:', 'apdu', '--file', 'nothing'])).code).toBe(9);
  });

  it.each([
    ['no hex', ['00A4040']],
    ['too short', ['00A404']],
    ['an expectation that is none', ['00A4040C => OK']],
    ['a file and arguments', ['00A4040C', '--file', 'x']],
  ])('(%s) ends with 2 before anything is sent', async (_, words) => {
    const { code, stdout } = await bench.call(['--card', 'sim:', 'apdu', 'select jpki', ...words]);
    expect([code, stdout]).toEqual([2, '']);
  });
});

const VERIFY = '00200080 04 38373635';

describe.concurrent('a PIN command', () => {
  it.each([
    ['VERIFY', '0020008004 38373635'],
    ['VERIFY in a chain', '1020008002 3837'],
    ['VERIFY with secure messaging', '0C20008004 38373635'],
    ['VERIFY with BER-TLV', '0021000006530438373635'],
    ['CHANGE', '0024018008 3837363535363738'],
    ['CHANGE KEY', '8032008004 38373635'],
    ['ENVELOPE', '00C2000009 002000800438373635'],
  ])('(%s) is refused, nothing is sent, and its data is told to nobody', async (_, apdu) => {
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await bench.call([
        '--card',
        'sim:',
        'apdu',
        'select jpki',
        apdu,
        ...json,
      ]);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain('argument 2');
      expect(stdout + stderr).not.toMatch(/38\s*37|> /);
    }
  });

  it('is refused in the arguments for ever, asked for or not', async () => {
    const { code, stderr } = await bench.call(['--card', 'sim:', 'apdu', '--allow-pin-commands', VERIFY]);
    expect(code).toBe(2);
    expect(stderr).toContain('every user of the machine');
    expect(stderr).not.toContain('3837');
  });

  it('goes to the card when asked for by name, once, and is hidden in the output', async () => {
    const state = `sim:adult@${bench.path('tries')}`;
    const stdin = `select jpki => 9000\nselect 0018 => 9000\n${VERIFY} => 63C2\n`;
    const args = ['--card', state, 'apdu', '--allow-pin-commands'];
    const plain = await bench.run(args, { stdin });
    expect([plain.code, plain.stderr]).toEqual([0, '']);
    expect(plain.stdout).toContain('> 00200080[hidden]\n< 63C2');
    const json = await bench.run([...args, '--json'], { stdin });
    // One try less than the line expects.
    expect(json.code).toBe(7);
    for (const { stdout, stderr } of [plain, json]) expect(stdout + stderr).not.toContain('3837');
  });
});

describe.concurrent('the shell', () => {
  const shell = (options = '', name = 'plain') =>
    new Terminal(`'${process.execPath}' '${BIN}' --card sim: apdu ${options}; echo "exit=$?"`, bench.folder, {
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      JPKI_SIM_PKI: bench.pki,
      XDG_STATE_HOME: bench.path(`state-${name}`),
    });
  const history = (name: string) => bench.path(`state-${name}/jpki/apdu-history`);

  it('answers, completes, explains, remembers, and ends with quit', async () => {
    const terminal = shell('', 'answers');
    await terminal.shows('apdu> ');
    // In keys that come together a tab is text, as when a person pastes.
    terminal.type('sel');
    await terminal.shows('sel');
    terminal.type('\t');
    await terminal.shows('select ');
    terminal.type('jp');
    await terminal.shows('jp');
    terminal.type('\t');
    await terminal.shows('jpki');
    terminal.type(' => 9000\r');
    await terminal.shows('success');
    terminal.type('select 0018\r');
    await terminal.shows('success', 2);
    terminal.type('00200080 => 9000\r');
    await terminal.shows('63C3 3 tries left; expected 9000');
    terminal.type('help\r');
    await terminal.shows('power off and on');
    terminal.type('reset\r');
    await terminal.shows('ATR 3B');
    await terminal.shows('historical bytes');
    terminal.type('oops\r');
    await terminal.shows('none of the words');
    terminal.type('quit\r');
    expect(await terminal.ended()).toContain('exit=0');
    const kept = 'select jpki => 9000\nselect 0018\n00200080 => 9000\nhelp\nreset\nquit\n';
    expect(readFileSync(history('answers'), 'utf8')).toBe(kept);
    expect(statSync(history('answers')).mode & 0o777).toBe(0o600);
  });

  it('refuses a PIN command and goes on; neither the file nor the arrow key bring it back', async () => {
    const terminal = shell('', 'refuses');
    await terminal.shows('apdu> ');
    terminal.type('atr\r');
    await terminal.shows('ATR 3B');
    terminal.type('002000800438373635\r');
    await terminal.shows('it was not sent');
    await terminal.shows('apdu> ', 3);
    terminal.type('\x1b[A\r');
    await terminal.shows('ATR 3B', 2);
    terminal.type('\x04');
    expect(await terminal.ended()).toContain('exit=0');
    expect(readFileSync(history('refuses'), 'utf8')).toBe('atr\natr\n');
  });

  it('sends a PIN command that was asked for, and keeps it nowhere', async () => {
    const terminal = shell('--allow-pin-commands', 'allowed');
    await terminal.shows('apdu> ');
    terminal.type('select jpki\r');
    await terminal.shows('success');
    terminal.type('select 0018\r');
    await terminal.shows('success', 2);
    terminal.type('002000800438373635\r');
    await terminal.shows('63C2');
    terminal.type('quit\r');
    const screen = await terminal.ended();
    expect(screen).toContain('> 00200080[hidden]');
    expect(readFileSync(history('allowed'), 'utf8')).not.toContain('3837');
  });

  it('clears the line on Ctrl-C, and ends with 130 at the next', async () => {
    const terminal = shell('', 'interrupted');
    await terminal.shows('apdu> ');
    terminal.type('00A4\x03');
    await terminal.shows('once more');
    terminal.type('\x03');
    expect(await terminal.ended()).toContain('exit=130');
    expect(existsSync(history('interrupted'))).toBe(false);
  });

  it('is not opened where nobody may be asked', async () => {
    const terminal = shell('--no-input', 'closed');
    expect(await terminal.ended()).toContain('exit=2');
  });
});
