import type { Surroundings } from './surroundings.ts';

/** A program that talks to the PC/SC service, or is known to. */
export interface Holder {
  readonly name: string;
  readonly processId: number;
}

/** Most holders named. */
const MAX_HOLDERS = 8;

/**
 * Programs that may hold a card: those that are connected to the service, where ss(8) tells it, and those that
 * look as if. As root the first are all there are.
 */
export async function holders(surroundings: Surroundings, path: string): Promise<Holder[]> {
  const lines = surroundings.platform === 'linux' ? await surroundings.unixSockets() : [];
  const connected = connectedPrograms(lines, path).filter(
    ({ processId }) => processId !== surroundings.processId,
  );
  if (connected.length > 0 && surroundings.isRoot) return connected.slice(0, MAX_HOLDERS);
  const known = new Set(connected.map(({ processId }) => processId));
  const others = possibleHolders(surroundings).filter(({ processId }) => !known.has(processId));
  return [...connected, ...others].slice(0, MAX_HOLDERS);
}

/** A line of ss(8) about a unix socket: its own address and number, its peer's, and who has it. */
const SOCKET = /^\S+\s+ESTAB\s+\d+\s+\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)(?:\s+users:\((.*)\))?/;
const USER = /\("([^"]*)",pid=(\d+)/g;

/** Programs at the other end of the service's connections, of those that ss(8) may name: one's own, or all for root. */
function connectedPrograms(lines: readonly string[], path: string): Holder[] {
  const sockets = lines.flatMap((line) => {
    const [found, address = '', own = '', peer = '', users = ''] = SOCKET.exec(line) ?? [];
    return found === undefined ? [] : [{ address, own, peer, users }];
  });
  const clients = new Set(sockets.filter(({ address }) => address === path).map(({ peer }) => peer));
  const named = sockets
    .filter(({ own }) => clients.has(own))
    .flatMap(({ users }) => [...users.matchAll(USER)])
    .map(([, name = '', id]) => ({ name, processId: Number(id) }));
  return [...new Map(named.map((holder) => [holder.processId, holder])).values()];
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

/** Most processes looked at. */
const MAX_PROCESSES = 20_000;

/**
 * Programs that look as if they held a card: those with the PC/SC library in memory where that may be looked at (one's
 * own, or all for root), and those known to keep cards. Linux does not tell a stranger who is at the other end of a socket.
 */
function possibleHolders({ platform, list, readText, processId }: Surroundings): Holder[] {
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
