import { describeEveryCommand } from '../src/every-command.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';

describeEveryCommand('pcsclite', 16, requirements(pcscdRequirement(), pcscliteRequirement()));
