import { boy } from './boy.ts';
import type { Paint } from './raster.ts';
import { traveller } from './traveller.ts';
import { woman } from './woman.ts';

export { HEIGHT, WIDTH } from './features.ts';

/** The layers of every portrait, by the name personas use. Nobody sat for them. */
export const FACES: Readonly<Record<'woman' | 'boy' | 'traveller', () => Paint[]>> = {
  woman,
  boy,
  traveller,
};
