import { describe, expect, test } from 'vitest';
import type { ContractScene } from './subject.ts';

const OBSERVE = `
  const observing = () => new Promise((resolve, reject) => {
    const observation = binding.observe({ update: () => resolve(observation), lost: reject });
  });`;

/** Nothing but an open observation and a running call may keep a process alive. */
export function describeEndingProcess(scene: () => ContractScene): void {
  describe('a process', () => {
    test.each([
      ['that asked nothing', ''],
      ['that closed its observation', 'await (await observing()).close();'],
      [
        'that used a card',
        `const observation = await observing();
         const card = await binding.connect(reader, 'exclusive');
         await card.transmit(Uint8Array.of(0, 0xa4, 4, 0));
         await card.disconnect('unpower');
         await observation.close();`,
      ],
      [
        'that forgot a card',
        `const observation = await observing();
         const card = await binding.connect(reader, 'shared');
         await card.transmit(Uint8Array.of(0, 0xa4, 4, 0));
         await observation.close();`,
      ],
    ])('%s ends by itself', async (_, work) => {
      const result = await scene().world.runProgram(`${OBSERVE}\n${work}\nconsole.log('done');`);
      expect(result).toMatchObject({ stdout: 'done\n', stderr: '', exitCode: 0 });
    });
  });
}
