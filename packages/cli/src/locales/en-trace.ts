import type { TraceTexts } from './trace-texts.ts';

/** English: traces. */
export const enTrace: TraceTexts = {
  written: {
    person: (path) =>
      `Trace: ${path}. PINs, personal data and certificates are not in it; look at it with \`jpki trace show\` before you send it.`,
    invented: (path) => `Trace: ${path}. PINs are not in it; the holder is an invented one.`,
    synthesized: (path) =>
      `Trace: ${path}. PINs, your personal data and certificates are not in it: those in it are a virtual card's.`,
  },
  incomplete: (path, reason) =>
    `The trace ${path} breaks off (${reason}). What the command did is not affected.`,
  mismatch: (line, recorded, sent) => `line ${line}: recorded was ${recorded}, the command sent ${sent}`,
  otherData: (line, step) => `line ${line}: ${step} came with other data than recorded, or of another length`,
  ended: (line) => `it ends at line ${line}, and the command went on`,
  leftOver: (line, commands, first) =>
    `from line ${line} on (${first}), ${commands} recorded ${commands === 1 ? 'command was' : 'commands were'} not sent`,
  redacted: (line, step) => `line ${line}: the answer to ${step} was left out of the recording`,
  replayed: (sent, skipped) => `${sent} commands sent, ${skipped} skipped`,
  skipped: (line, step, reason) => `skipped${line === undefined ? '' : ` line ${line}`}: ${step} (${reason})`,
  skipReasons: {
    secret: 'holds a PIN, or what was left out of the recording',
    signature: 'would use a key of the card',
    unknown: 'does more than read',
    dependent: 'needs the PIN that was skipped',
  },
  fileWritten: (path) => `Written: ${path}`,
};
