import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Below the ports that systems give to outgoing connections (32,768 and up on Linux), above the usual services. */
const FIRST = 20_000;
const LAST = 32_000;

/** Shares of those ports, one for each worker of the test run: a service that is down keeps its ports for its return. */
const SHARES = 8;

/**
 * Finds `count` neighbouring TCP ports that nobody listens on. Another process may still be quicker: whoever
 * uses them must be ready to ask again.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const share = (LAST - FIRST) / SHARES;
  const beginning = FIRST + share * (Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES);
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = beginning + Math.floor(Math.random() * (share - count));
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`no ${count} neighbouring TCP ports are free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '0.0.0.0');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** The sockets that listen on a port, found without connecting: vpcd would take a connection for a card. */
export async function listenersOn(port: number): Promise<string[]> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const table = await readFile('/proc/net/tcp', 'utf8');
  // proc(5): local address:port, remote address:port, state (0A is LISTEN), five more fields, inode.
  const row = new RegExp(`: [0-9A-F]{8}:${hexPort} [0-9A-F:]+ 0A (?:\\S+ +){5}(\\d+) `, 'g');
  return [...table.matchAll(row)].map(([, inode = '']) => `socket:[${inode}]`);
}

/** The sockets a process has open, named as {@link listenersOn} does; undefined where they may not be looked at. */
export async function socketsOf(pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = `/proc/${pid}/fd`;
  try {
    const links = (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => ''));
    return new Set(await Promise.all(links));
  } catch {
    return undefined;
  }
}
