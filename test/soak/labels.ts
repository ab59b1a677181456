/** 100,000 damaged label files, as eleven tools write them. Another number: `node test/soak/labels.ts 5000`. */
import { printGoal, printTable } from '../bench/report.ts';
import { type LabelRun, readDamagedLabels } from './labelRun.ts';

/** Files with one seed. */
const SHARD = 110;
const FIRST_SEED = 20_261_128;
const count = Number(process.argv[2] ?? 100_000);
const total: LabelRun = { files: 0, whole: 0, inPart: 0, refused: 0, objects: 0, slowest: 0 };
const faults: string[] = [];
let seed = FIRST_SEED;
for (; total.files < count; seed++) {
  try {
    const run = readDamagedLabels(seed, SHARD);
    for (const key of ['files', 'whole', 'inPart', 'refused', 'objects'] as const) total[key] += run[key];
    total.slowest = Math.max(total.slowest, run.slowest);
  } catch (error) {
    total.files += SHARD;
    faults.push(`seed ${seed}: ${error instanceof Error ? error.message.slice(0, 1000) : error}`);
  }
}
printTable([
  ['read', 'number'],
  ['damaged label files', total.files],
  ['with nothing that could not be read', total.whole],
  ['in part, and so told', total.inPart],
  ['refused', total.refused],
  ['objects', total.objects],
  ['the slowest, ms', Math.round(total.slowest)],
]);
console.log(`  seeds from ${FIRST_SEED} to ${seed - 1}`);
for (const fault of faults) console.log(`  ${fault}`);
printGoal(`Crashes, objects lost or outside in ${total.files.toLocaleString('en')} damaged label files`, faults.length, 0, '');
if (faults.length > 0) process.exitCode = 1;
