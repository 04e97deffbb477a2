import type { PictureProtocol } from './terminal-picture.ts';

/** The environment, as far as terminals write into it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const IN_ITERM2: ReadonlySet<string | undefined> = new Set(['iTerm.app', 'WezTerm', 'mintty']);
const IN_KITTY: ReadonlySet<string | undefined> = new Set(['ghostty']);

/** Terminals whose name alone says that they draw sixels. */
const WITH_SIXEL = /^(foot|mlterm|yaft|contour)|sixel/;

/** Programs between us and the terminal: what the environment says of the terminal does not reach it. */
const MULTIPLEXED = /^(screen|tmux)/;

/**
 * What the environment tells about the terminal. `unknown` is worth a question to the terminal itself; `none` is one
 * that can show nothing.
 */
export function protocolFromEnvironment(env: Environment): PictureProtocol | 'unknown' | 'none' {
  const term = env['TERM'] ?? '';
  if (term === '' || term === 'dumb') return 'none';
  if (env['TMUX'] !== undefined || MULTIPLEXED.test(term)) return 'unknown';
  const program = env['TERM_PROGRAM'];
  if (term.includes('kitty') || term.includes('ghostty') || IN_KITTY.has(program)) return 'kitty';
  if (env['KITTY_WINDOW_ID'] !== undefined) return 'kitty';
  if (IN_ITERM2.has(program) || env['LC_TERMINAL'] === 'iTerm2') return 'iterm2';
  if (WITH_SIXEL.test(term)) return 'sixel';
  return 'unknown';
}

/**
 * The question: kitty's for its protocol with one pixel that is not kept, then the one for device attributes (DA1),
 * which every terminal answers, so that its answer ends the wait.
 */
export const QUESTION = '\x1b_Gi=1,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c';

/** DA1 of the terminal: `ESC [ ? 62 ; 4 ; … c`; attribute 4 is sixel. */
const DEVICE_ATTRIBUTES = /\[\?([0-9;]*)c/;

/** What the answers so far mean; `undefined` while the last one is missing. */
export function protocolFromAnswer(answer: string): PictureProtocol | undefined {
  const attributes = DEVICE_ATTRIBUTES.exec(answer)?.[1]?.split(';');
  if (attributes === undefined) return undefined;
  if (answer.includes('\x1b_Gi=1;OK')) return 'kitty';
  return attributes.slice(1).includes('4') ? 'sixel' : 'half-blocks';
}
