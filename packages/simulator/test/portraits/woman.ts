import { at, BACKGROUND, both, features, head, headAndNeck } from './features.ts';
import { blob, type Paint, stroke } from './raster.ts';

/** 花子: a bob with a side parting, blazer and blouse. */
export function woman(): Paint[] {
  const face = head(84, 334);
  const behind = blob(
    ...at('0,60 80,82 112,160 116,260 108,330 70,346 0,330 -70,346 -108,330 -116,260 -112,160 -80,82'),
  );
  const jacket = blob(...at('-44,372 -110,396 -168,426 -190,520 190,520 168,426 110,396 44,372 0,470'));
  const blouse = blob(...at('-46,366 0,420 46,366 60,500 -60,500'));
  const fringe = blob(...at('-30,84 30,76 82,112 98,190 94,262 80,214 58,168 -10,126 -36,106'));
  const side = blob(...at('-22,80 -70,98 -96,160 -96,262 -82,216 -70,172 -40,128 -16,108'));
  return [
    BACKGROUND,
    { shape: behind, tone: 46 },
    ...headAndNeck(face, 79),
    { shape: blouse, tone: 250 },
    { shape: jacket, tone: 86 },
    { shape: both(stroke([1, 2.4, 1], ...at('45,376 30,420 2,474'))), tone: 58 },
    { shape: both(blob(...at('42,362 62,384 26,412 4,424'))), tone: 255 },
    { shape: both(stroke([0.6, 1.3, 0.6], ...at('60,386 28,412 4,426'))), tone: 196 },
    ...features({ eyes: [40, 232], eyeHeight: 16, brow: 34, lashes: true, mouth: 285, laughs: false }, 74),
    { shape: side, tone: 46 },
    { shape: fringe, tone: 46 },
    {
      shape: stroke([1, 7, 1], ...at('8,108 56,124 84,176')),
      tone: 104,
      edge: 10,
      opacity: 0.8,
    },
    {
      shape: stroke([1, 5, 1], ...at('-46,112 -74,138 -86,176')),
      tone: 104,
      edge: 10,
      opacity: 0.7,
    },
  ];
}
