import { decodeResponse, encodeCommand, fromHex, Ins } from '@jpki/iso7816';
import { openVirtualCard } from '@jpki/simulator';
import type { Identity } from '../identity.ts';
import { sideBySide } from '../side-by-side.ts';
import type { Report } from '../subject.ts';

const RESPONSE = fromHex(`${'5A'.repeat(256)}9000`);

/** What the middleware itself adds to a command: everything else is the card's time and the link's. */
export async function apduCodecSubject({ pki }: Identity): Promise<Report[]> {
  const card = await openVirtualCard({ pki });
  await card.transmit(fromHex('00A4040C0AD392F000260100000001'));
  await card.transmit(fromHex('00A4020C02000A'));
  const read = fromHex('00B0000000');
  const digestInfo = fromHex(`3031300D060960864801650304020105000420${'11'.repeat(32)}`);
  const rows = await sideBySide({
    [CODEC]: () => {
      encodeCommand({ cla: 0x00, ins: Ins.READ_BINARY, p1: 0x01, p2: 0x00, le: 256 });
      return decodeResponse(RESPONSE).sw;
    },
    'jpki: encode with data (51 bytes) + decode': () => {
      encodeCommand({ cla: 0x80, ins: 0x2a, p1: 0x00, p2: 0x80, data: digestInfo, le: 256 });
      return decodeResponse(RESPONSE).sw;
    },
  });
  // Awaited one by one, as its callers do; a promise's turn is part of the price.
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) await card.transmit(read);
  const each = ((performance.now() - start) * 1000) / CALLS;
  const codec = rows.find(({ name }) => name === CODEC)?.cpu ?? Number.NaN;
  return [
    {
      title: 'A command encoded and its response decoded',
      rows,
      goals: [{ what: 'encode and decode, µs', value: codec, goal: 1 }],
    },
    {
      title: 'The virtual card in this process: READ BINARY of 256 bytes',
      unit: 'APDUs a second',
      counts: [{ name: 'jpki: virtual card', count: Math.round(1e6 / each) }],
      goals: [{ what: 'an APDU, µs (100,000 a second)', value: each, goal: 10 }],
    },
  ];
}

const CODEC = 'jpki: encode + decode';
const CALLS = 200_000;
