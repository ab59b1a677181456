/**
 * Ten thousand images with faults by chance, at standard speed and as batches, the process killed 20 times at random moments. Another number of images or kills,
 * another seed, or one speed: `node test/soak/sets.ts 1000 5 7 batch`.
 */
import { printGoal } from '../bench/report.ts';
import { USUAL_RATES } from '../fakes/faultScript.ts';
import { runWithKills } from './setKills.ts';

const images = Number(process.argv[2] ?? 10_000);
const kills = Number(process.argv[3] ?? 20);
const seed = Number(process.argv[4] ?? 20_261_128);
/** Requests at a time. */
const CONCURRENCY = 8;

for (const speed of (['standard', 'batch'] as const).filter((one) => (process.argv[5] ?? one) === one)) {
  const tally = await runWithKills({ images, kills, seed, speed, concurrency: CONCURRENCY, rates: USUAL_RATES, within: images });
  const { states, mayBeBilled, billed, billedTwice, brokenRecords, illegalRecords, end, injected, seconds, violations } = tally;
  console.log(`  ${speed}: ${tally.kills} kills, ${Math.round(seconds)} s, seed ${seed}; ${JSON.stringify(states)}`);
  console.log(`  may have been billed without an answer: ${mayBeBilled}; bills: ${billed}; faults: ${JSON.stringify(injected)}`);
  for (const [message, count] of Object.entries(tally.failures)) console.log(`  ${count} failed: ${message}`);
  for (const violation of violations) console.log(`  ${violation}`);
  if (end?.reason !== undefined) console.log(`  ${end.reason}`);
  const settled =
    Object.values(states).reduce((sum, count) => sum + count, 0) - (states.waiting ?? 0) - (states.prepared ?? 0) - (states.sent ?? 0);
  const goals: [string, number, number, string][] = [
    ['images lost', images - settled, 0, ''],
    ['images billed twice', billedTwice, 0, ''],
    ['records of the journal that cannot be', brokenRecords + illegalRecords, 0, ''],
    ['memory that stays in use', (end?.kept ?? Number.NaN) / 1e6, 150, 'MB'],
    ['memory with garbage, at its highest', (end?.withGarbage ?? Number.NaN) / 1e6, 150, 'MB'],
    ['memory of the process', (end?.resident ?? Number.NaN) / 1e6, 250, 'MB'],
  ];
  for (const [what, value, most, unit] of goals) {
    printGoal(`Sets, ${speed}: ${what}`, value, most, unit);
    if (!(value <= most)) process.exitCode = 1;
  }
}
