// Asks for a secret on the terminal of this process and writes what was typed, as hex, to the file of the first
// argument. The virtual card needs no prompt, so the tests of the prompt run it by itself.
import { writeFileSync } from 'node:fs';
import { listenForInterruption } from '../dist/interruption.js';
import { askSecret } from '../dist/pin/prompt.js';

const [file] = process.argv.slice(2);
const { signal, stop } = listenForInterruption();
try {
  const typed = await askSecret('PIN: ', signal);
  writeFileSync(file, Buffer.from(typed).toString('hex'));
} catch (error) {
  process.exitCode = error.code === 'ERR_INTERRUPTED' ? 130 : 2;
} finally {
  stop();
}
