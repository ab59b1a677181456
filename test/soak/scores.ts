/** A second, naive way to compare results with labels on 1,000 made-up sets with crowds, ties, empty images and missing confidences. Another number: `node test/soak/scores.ts 50`. */
import { printGoal } from '../bench/report.ts';
import { scoreDifferences } from './scoreRun.ts';

const FIRST_SEED = 10_000;
const sets = Number(process.argv[2] ?? 1000);
let different = 0;
for (let seed = FIRST_SEED; seed < FIRST_SEED + sets; seed++) {
  const found = scoreDifferences(seed);
  if (found.length === 0) continue;
  different += 1;
  console.log(`  set ${seed}: ${found.slice(0, 3).join('; ')}`);
}
console.log(`  ${sets} sets, seeds from ${FIRST_SEED}`);
printGoal('Sets of which a naive comparison with labels says something else', different, 0, '');
if (different > 0) process.exitCode = 1;
