import type { Argv, CommandModule } from 'yargs';
import { AtomicFile } from '../atomic-file.ts';
import { cardPage } from '../card-page/card-page.ts';
import { loadRecordTexts } from '../locales/messages.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { loadJpeg2000Decoder } from '../picture/jpeg2000.ts';
import { encodePng } from '../picture/png.ts';
import type { Program } from '../program.ts';
import { type FaceOptions, faceOptions, prepareFace, readFace } from '../records/face-reading.ts';
import { exitOfProof, proofDocument, proofLines } from '../records/proof-report.ts';

interface PageOptions extends FaceOptions {
  readonly output: string;
  readonly force: boolean;
}

/** `jpki card-face`: the front of the card as a page, for people who would rather look than read. */
export function cardFaceCommand(program: Program): CommandModule<object, PageOptions> {
  const { help } = program.messages;
  return {
    command: 'card-face',
    describe: help.commands.cardFace,
    builder: (yargs: Argv): Argv<PageOptions> =>
      faceOptions(yargs, help)
        .option('output', {
          alias: 'o',
          type: 'string',
          requiresArg: true,
          demandOption: true,
          describe: help.options.pageOutput,
        })
        .option('force', { type: 'boolean', default: false, describe: help.options.force }),
    handler: (args) => writePage(program, args, commonArguments(args)),
  };
}

async function writePage(program: Program, options: PageOptions, common: CommonOptions): Promise<void> {
  const { output, messages } = program;
  const decode = await loadJpeg2000Decoder();
  const request = await prepareFace(program, options, common);
  try {
    const file = await AtomicFile.create(options.output, { replace: options.force });
    try {
      const { proof, ...face } = await readFace(request);
      const texts = await loadRecordTexts(messages.language);
      const photo = encodePng(decode(face.photo));
      const [, ...remarks] = proofLines(proof, texts).filter((line) => !line.startsWith('    '));
      const content = { face, photo, proof, remarks: remarks.map((line) => line.replace(/^ {2}\? /, '')) };
      await file.write(Buffer.from(cardPage(content, texts.page)));
      await file.commit();
      program.exitCode = exitOfProof(proof);
      if (output.json) output.document({ output: file.path, ...proofDocument(proof, texts) });
      else output.say(texts.written(file.path));
      if (!output.json) for (const line of proofLines(proof, texts)) output.say(line);
    } finally {
      await file[Symbol.asyncDispose]();
    }
  } finally {
    request[Symbol.dispose]();
  }
}
