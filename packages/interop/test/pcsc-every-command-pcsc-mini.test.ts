import { describeEveryCommand } from '../src/every-command.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';

describeEveryCommand('pcsc-mini', 4, requirements(pcscdRequirement(), miniRequirement()));
