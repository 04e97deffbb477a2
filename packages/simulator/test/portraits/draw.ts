import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FACES, HEIGHT, WIDTH } from './faces.ts';
import { paint } from './raster.ts';

// Draws the portraits as NAME.pgm into the folder given: `node test/portraits/draw.ts FOLDER`, with a Node that strips types.
const [folder = '.'] = process.argv.slice(2);
for (const [name, layers] of Object.entries(FACES)) {
  const header = Buffer.from(`P5\n${WIDTH} ${HEIGHT}\n255\n`, 'latin1');
  await writeFile(join(folder, `${name}.pgm`), Buffer.concat([header, paint(WIDTH, HEIGHT, layers())]));
}
