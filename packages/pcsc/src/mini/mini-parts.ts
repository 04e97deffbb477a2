import type { ServiceQuestion } from '../deadline.ts';
import type { MiniAddon } from './mini-addon.ts';
import type { OutputBuffers } from './output-buffers.ts';

/** What observations and cards of one binding share. */
export interface MiniParts {
  readonly addon: MiniAddon;
  readonly buffers: OutputBuffers;
  /** Asks the service without the addon; absent where there is no way. */
  readonly question?: ServiceQuestion | undefined;
}
