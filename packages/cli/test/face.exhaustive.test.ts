import { readFileSync, statSync } from 'node:fs';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GreyImage, scaledDown } from '../src/picture/grey-image.ts';
import { Bench, BIN } from './jpki.ts';
import { Terminal } from './terminal.ts';
import { decodeSixels } from './terminal-text.ts';

const bench = new Bench();
const jpki = (...args: string[]) => bench.run(['--card', 'sim:', ...args]);
const trusted = ['--trust', 'simulator'];

/** The photo as the document of `jpki face --json` has it: PNG in base64. */
let photo = '';

beforeAll(async () => {
  const { json } = await jpki('face', '--code', 'b', '--json');
  expect(json).toMatchObject({ output: null, verified: false });
  photo = String(json['png']);
});

function picture(bytes: Uint8Array): GreyImage {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return { width, height, pixels: Uint8Array.from({ length: width * height }, (_, at) => data[at * 4] ?? 0) };
}

describe.concurrent('jpki face', () => {
  it('writes the photo as PNG, for its owner alone, and never over a file unasked', async () => {
    const { code, json } = await jpki('face', '-o', 'photo.png', '--json', ...trusted);
    expect(code).toBe(0);
    expect(json).toEqual({
      output: 'photo.png',
      width: 378,
      height: 472,
      verified: true,
      hierarchy: 'simulator',
      findings: [],
    });
    const { width, height, pixels } = picture(readFileSync(bench.path('photo.png')));
    expect([width, height]).toEqual([378, 472]);
    expect(new Set(pixels).size).toBeGreaterThan(50);
    expect(statSync(bench.path('photo.png')).mode & 0o777).toBe(0o600);
    const again = await jpki('face', '-o', 'photo.png');
    expect(again.code).toBe(9);
    expect(again.stderr).not.toContain('Tries left');
    expect((await jpki('face', '-o', 'photo.png', '--force', '--secure-messaging', ...trusted)).code).toBe(0);
  });

  it('is data for a pipe, and in the document with --json', async () => {
    const png = Buffer.from(photo, 'base64');
    expect(picture(png).width).toBe(378);
    const piped = await jpki('face', '--code', 'a', ...trusted);
    expect(piped.bytes.equals(png)).toBe(true);
  });

  it.each([
    ['kitty', { TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, /_G[^;]*;([A-Za-z0-9+/=]*)/g],
    ['iTerm2', { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, /1337;File=[^:]*:([A-Za-z0-9+/=]+)/g],
  ])('is shown in the terminal (%s)', async (_, env, parts) => {
    const text = await inTerminal(env);
    const shown = [...text.matchAll(parts)].map(([, base64]) => base64).join('');
    expect(shown).toBe(photo);
  });

  it('is shown in sixels in a terminal that answers that it has them', async () => {
    const terminal = openTerminal({ TERM: 'xterm-256color' });
    await terminal.shows('\u001b[c');
    terminal.type('\u001b[?62;4;22c');
    await terminal.ended();
    expect(terminal.text).toContain('exit=0');
    const shown = decodeSixels(terminal.text.replaceAll('\r', ''));
    const expected = picture(Buffer.from(photo, 'base64'));
    expect([shown.width, shown.height]).toEqual([expected.width, expected.height]);
    const differences = shown.pixels.map((level, at) => Math.abs(level - (expected.pixels[at] ?? -1)));
    expect(differences.reduce((most, each) => Math.max(most, each))).toBeLessThanOrEqual(4);
  });

  it('is shown in half blocks in a terminal that answers nothing', async () => {
    const text = await inTerminal({ TERM: 'xterm-256color' });
    const rows = text
      .split('\n')
      .map((line) => [...line.matchAll(/\[38;2;(\d+);\d+;\d+;48;2;(\d+);\d+;\d+m▀/g)])
      .filter((cells) => cells.length > 0)
      .flatMap((cells) => [cells.map((cell) => Number(cell[1])), cells.map((cell) => Number(cell[2]))]);
    const width = rows[0]?.length ?? 0;
    const expected = scaledDown(picture(Buffer.from(photo, 'base64')), width, rows.length);
    expect([expected.width, expected.height]).toEqual([width, rows.length]);
    expect(rows.flat()).toEqual([...expected.pixels]);
  });

  it('in a terminal without pictures ends with 2 before any PIN, and says what to do', async () => {
    const text = await inTerminal({ TERM: 'dumb' }, 2);
    expect(text).toContain('-o FILE.png');
    expect(text).not.toContain('Tries left');
  });

  /** What `jpki face` writes to a terminal. */
  async function inTerminal(env: Readonly<Record<string, string>>, exit = 0): Promise<string> {
    const terminal = openTerminal(env);
    await terminal.ended();
    expect(terminal.text).toContain(`exit=${exit}`);
    return terminal.text;
  }

  function openTerminal(env: Readonly<Record<string, string>>): Terminal {
    const command = `'${process.execPath}' '${BIN}' --card sim: face --trust simulator; echo "exit=$?"`;
    return new Terminal(command, bench.folder, {
      LANG: 'C.UTF-8',
      JPKI_SIM_PKI: bench.pki,
      SHELL: '/bin/sh',
      ...env,
    });
  }
});

describe.concurrent('jpki card-face', () => {
  it('writes one page that loads nothing, for its owner alone', async () => {
    const { code, json } = await jpki('card-face', '-o', 'card.html', '--json', ...trusted);
    expect(code).toBe(0);
    expect(json).toMatchObject({ output: 'card.html', verified: true });
    expect(statSync(bench.path('card.html')).mode & 0o777).toBe(0o600);
    const page = readFileSync(bench.path('card.html'), 'utf8');
    expect(page).toContain('Content-Security-Policy');
    expect(page).not.toMatch(/<script|https?:|\son\w+=/i);
    for (const words of ['氏名', '住所', '昭和60年6月15日生', '女', 'まで有効', '個人番号カード', 'Verified'])
      expect(page).toContain(words);
    const inPage = /class="photo" src="data:image\/png;base64,([A-Za-z0-9+/=]+)"/.exec(page)?.[1] ?? '';
    expect(inPage).toBe(photo);
    expect(page).not.toMatch(/(?<!\d)\d{12}(?!\d)/);
  });

  it('says beside the card that it is not verified: 6', async () => {
    expect((await jpki('card-face', '-o', 'unverified.html', '--lang', 'ja')).code).toBe(6);
    const page = readFileSync(bench.path('unverified.html'), 'utf8');
    expect(page).toContain('<html lang="ja">');
    expect(page).toContain('class="mark unverified"');
    expect(page).toContain('未検証');
    expect(page).not.toContain('検証済み');
  });

  it('never replaces a file unasked: 9, before any PIN', async () => {
    expect((await jpki('card-face', '-o', 'twice.html', '--code', 'a', ...trusted)).code).toBe(0);
    const again = await jpki('card-face', '-o', 'twice.html');
    expect(again.code).toBe(9);
    expect(again.stderr).not.toContain('Tries left');
    expect((await jpki('card-face', '-o', 'twice.html', '--force', '--code', 'b', ...trusted)).code).toBe(0);
  });

  it.each(['child', 'foreign-resident'])('shows the persona %s', async (persona) => {
    const run = await bench.call([
      '--card',
      `sim:${persona}`,
      'card-face',
      '-o',
      `${persona}.html`,
      ...trusted,
    ]);
    expect(run.code).toBe(0);
  });
});
