import { AXIS, at, BACKGROUND, both, features, head, headAndNeck } from './features.ts';
import { blob, ellipse, type Paint, type Point, stroke } from './raster.ts';

/** Jane: long light waves, round glasses, a scarf. */
export function traveller(): Paint[] {
  const face = head(82, 336);
  const wave = at('78,76 112,140 110,200 128,260 118,320 136,384 118,440 60,430');
  const behind = blob([AXIS, 54], ...wave, ...wave.map(([x, y]): Point => [2 * AXIS - x, y]).reverse());
  const coat = blob(...at('-50,384 -112,400 -166,432 -186,520 186,520 166,432 112,400 50,384'));
  const scarf = blob(...at('-62,366 0,386 62,366 74,396 40,424 0,432 -40,424 -74,396'));
  const parting = at('2,82 56,84 92,128 98,200 92,274 80,220 70,170 34,128');
  const rim = (side: 1 | -1): Paint => {
    const lens = ellipse([AXIS + side * 41, 234], [31, 30]);
    return { shape: (x, y) => Math.abs(lens(x, y)) - 2.2, tone: 56 };
  };
  return [
    BACKGROUND,
    { shape: behind, tone: 148 },
    ...headAndNeck(face, 78),
    { shape: coat, tone: 120 },
    { shape: scarf, tone: 224 },
    { shape: stroke([0.8, 2, 0.8], ...at('-60,384 0,408 60,384')), tone: 186 },
    { shape: stroke([0.8, 2, 0.8], ...at('-44,404 6,422 50,402')), tone: 186 },
    ...features({ eyes: [41, 234], eyeHeight: 15, brow: 42, lashes: true, mouth: 287, laughs: false }, 128),
    { shape: both(blob(...parting)), tone: 148 },
    {
      shape: both(stroke([1, 6, 1], ...at('20,98 66,116 86,170'))),
      tone: 190,
      edge: 12,
      opacity: 0.8,
    },
    rim(1),
    rim(-1),
    { shape: stroke([2, 2, 2], ...at('-11,230 0,226 11,230')), tone: 56 },
  ];
}
