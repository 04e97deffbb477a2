import { createHash } from 'node:crypto';
import { fromHex } from '@jpki/iso7816';
import { withFileLock } from '../src/storage/file-lock.ts';
import { openSimulatorPki } from '../src/test-pki/simulator-pki.ts';
import { openVirtualCard } from '../src/virtual-card.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What {@link otherProcess} can be asked to do. */
export const jobs = {
  /** SHA-256 of both CA certificates, made if need be. */
  authorities: async (folder: string) => {
    const pki = await openSimulatorPki({ folder });
    return [sha256(await pki.caCertificate('sign')), sha256(await pki.caCertificate('auth'))];
  },

  /** Spends tries on the 署名用 password of a card in a state file. */
  spendTries: async (folder: string, stateFile: string, tries: string) => {
    const pki = await openSimulatorPki({ folder });
    const card = await openVirtualCard({ pki, stateFile });
    await card.transmit(fromHex('00A4040C0AD392F000260100000001'));
    const answers: string[] = [];
    for (let i = 0; i < Number(tries); i++) {
      const answer = await card.transmit(fromHex('0020009B06585858585858'));
      answers.push(Buffer.from(answer).toString('hex'));
    }
    return answers;
  },

  /** Takes a lock and never gives it back. */
  holdLock: (path: string) =>
    withFileLock(path, async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }),
} as const;
