/** The card's part of `jpki --card sim: sign`: the same commands, with nothing of the middleware around them. */
import { fromHex } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard } from '@jpki/simulator';

const DIGEST_INFO = `3031300D060960864801650304020105000420${'11'.repeat(32)}`;

const COMMANDS = [
  '00A4040C0AD392F000260100000001',
  '00A4020C020008',
  '00B0000003',
  '00A4020C02001B',
  '00200080',
  '0020008006414243313233',
  '00A4020C020001',
  ...Array.from({ length: 7 }, (_, piece) => `00B00${piece}0000`),
  '00A4020C02001A',
  `802A008033${DIGEST_INFO}00`,
  '00A4040C07A0000001510000',
];

const card = await openVirtualCard({ pki: await openSimulatorPki() });
for (const command of COMMANDS) await card.transmit(fromHex(command));
