import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections (32,768 and up on Linux), above the usual services. */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * Finds `count` neighbouring TCP ports that nobody listens on. Another process may still be quicker: whoever
 * uses them must be ready to ask again.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST - count));
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

/** Whether somebody listens on a port, found without connecting: vpcd would take a connection for a card. */
export async function isListening(port: number): Promise<boolean> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const table = await readFile('/proc/net/tcp', 'utf8');
  // proc(5): local address:port, remote address:port, state; 0A is LISTEN.
  return new RegExp(`: [0-9A-F]{8}:${hexPort} [0-9A-F:]+ 0A `).test(table);
}
