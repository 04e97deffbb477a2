/** A card for the PC/SC bench: answers READ BINARY at once, INS FE after half a second. In a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serveVpcd } from '@jpki/simulator/vpcd';
import { SLOW_INS } from './commands.ts';

const RESPONSE = Uint8Array.from({ length: 258 }, (_, index) => (index < 256 ? index : (258 - index) * 0x48));
const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);

const abort = new AbortController();
process.once('disconnect', () => abort.abort());
await serveVpcd(
  {
    atr: ATR,
    async transmit(command) {
      if (command[1] === SLOW_INS) await sleep(500);
      return RESPONSE;
    },
  },
  { port: Number(process.argv[2]), signal: abort.signal, onConnected: () => process.send?.('connected') },
);
