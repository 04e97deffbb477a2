import type { PcscChannel } from '../src/channel/pcsc-channel.ts';
import { type ConnectOptions, openPcsc } from '../src/pcsc.ts';
import { type FakeBinding, withEverything } from './fake-binding.ts';

/** A channel to the card in reader A, and the binding it goes through: one that has everything, unless another is given. */
export async function openChannel(
  options: ConnectOptions = {},
  binding: FakeBinding = withEverything(),
): Promise<{ binding: FakeBinding; channel: PcscChannel }> {
  const pcsc = await openPcsc({ binding });
  return { binding, channel: await pcsc.connect('A', options) };
}
