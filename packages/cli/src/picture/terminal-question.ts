import type { ReadStream } from 'node:tty';
import { InterruptedError } from '../errors.ts';
import { Terminal } from '../terminal.ts';
import { protocolFromAnswer, protocolFromEnvironment, QUESTION } from './terminal-kind.ts';
import type { PictureProtocol } from './terminal-picture.ts';

/** How long a terminal may take to answer, in milliseconds; a slow one shows half blocks. */
const PATIENCE = 500;

/** More than any terminal answers. */
const MAX_ANSWER = 1024;

const CTRL_C = 0x03;

/**
 * How the terminal of this process shows pictures: by the environment, else by its own answer, else half blocks.
 *
 * @returns `undefined` for a terminal that can show none.
 */
export async function pictureProtocol(signal: AbortSignal): Promise<PictureProtocol | undefined> {
  const told = protocolFromEnvironment(process.env);
  if (told === 'none') return undefined;
  return told === 'unknown' ? askTerminal(signal) : told;
}

async function askTerminal(signal: AbortSignal): Promise<PictureProtocol> {
  const terminal = Terminal.open();
  if (terminal === undefined) return 'half-blocks';
  try {
    return await terminal.ask(QUESTION, (input) => answerFrom(input, signal));
  } finally {
    terminal.close();
  }
}

function answerFrom(input: ReadStream, signal: AbortSignal): Promise<PictureProtocol> {
  let answer = '';
  const ended = new AbortController();
  return new Promise<PictureProtocol>((resolve, reject) => {
    const giveUp = () => resolve('half-blocks');
    const timer = setTimeout(giveUp, PATIENCE);
    ended.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason), { signal: ended.signal });
    input.on('data', (chunk: Uint8Array) => {
      answer += Buffer.from(chunk).toString('latin1');
      const protocol = protocolFromAnswer(answer);
      if (protocol !== undefined) resolve(protocol);
      // Without echo Ctrl-C is a character like any other.
      else if (chunk.includes(CTRL_C)) reject(new InterruptedError());
      else if (answer.length > MAX_ANSWER) giveUp();
    });
    input.once('end', giveUp);
    input.once('error', giveUp);
  }).finally(() => ended.abort());
}
