import type { Surroundings } from './surroundings.ts';

/** A program that talks to the PC/SC service, or is known to. */
export interface Holder {
  readonly name: string;
  readonly processId: number;
}

/** Programs that are known to keep cards, by the name of their process; first fifteen characters, as Linux keeps it. */
const KNOWN: ReadonlySet<string> = new Set([
  'scdaemon',
  'gpg-agent',
  'firefox',
  'firefox-bin',
  'chrome',
  'chromium',
  'p11-kit-server',
  'ssh-agent',
  'ssh-pkcs11-help',
  'pkcs11-tool',
  'opensc-notify',
  'web-eid',
]);

/** What a client of the service has in its memory. */
const LIBRARY = /libpcsclite(?:_real)?\.so/;

/** Most processes looked at, and most named. */
const MAX_PROCESSES = 20_000;
const MAX_HOLDERS = 8;

/**
 * Programs that may hold a card: those with the PC/SC library in memory where that may be looked at (one's own, or all
 * for root), and those known to keep cards. Linux does not tell a stranger who is at the other end of a socket.
 */
export function possibleHolders({ platform, list, readText, processId }: Surroundings): Holder[] {
  if (platform !== 'linux') return [];
  const certain: Holder[] = [];
  const likely: Holder[] = [];
  for (const entry of list('/proc').slice(0, MAX_PROCESSES)) {
    const id = Number(entry);
    if (!Number.isInteger(id) || id === processId) continue;
    const name = readText(`/proc/${entry}/comm`)?.trim();
    if (name === undefined || name === 'pcscd') continue;
    const maps = readText(`/proc/${entry}/maps`);
    if (maps !== undefined && maps !== '') {
      if (LIBRARY.test(maps)) certain.push({ name, processId: id });
    } else if (KNOWN.has(name)) likely.push({ name, processId: id });
  }
  return [...certain, ...likely].slice(0, MAX_HOLDERS);
}
