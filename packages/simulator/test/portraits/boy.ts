import { AXIS, at, BACKGROUND, features, head, headAndNeck, WIDTH } from './features.ts';
import { blob, type Paint, stroke } from './raster.ts';

/** 小太郎: short tousled hair, big eyes, a striped shirt. */
export function boy(): Paint[] {
  const face = head(90, 326);
  const shirt = blob(...at('-46,374 -100,396 -142,430 -160,520 160,520 142,430 100,396 46,374 0,392'));
  const hair = blob(
    ...at(
      '-92,236 -104,170 -92,112 -66,84 -40,62 -20,72 6,50 26,68 62,66 74,90 100,118 104,176 92,236 80,180 62,156 44,176 26,150 2,180 -22,152 -44,178 -62,156 -80,184',
    ),
  );
  const stripe = (y: number): Paint => ({
    shape: stroke([9, 9, 9], [0, y + 22], [AXIS, y], [WIDTH, y + 22]),
    tone: 112,
    within: shirt,
  });
  return [
    BACKGROUND,
    ...headAndNeck(face, 92),
    { shape: shirt, tone: 236 },
    stripe(414),
    stripe(450),
    {
      shape: stroke([6, 6, 6], ...at('-46,374 -24,392 0,398 24,392 46,374')),
      tone: 112,
    },
    ...features({ eyes: [42, 232], eyeHeight: 19, brow: 38, lashes: false, mouth: 277, laughs: true }, 80),
    { shape: hair, tone: 60 },
    {
      shape: stroke([1, 6, 1], ...at('-70,124 -20,98 40,98 74,126')),
      tone: 118,
      edge: 12,
      opacity: 0.7,
    },
  ];
}
