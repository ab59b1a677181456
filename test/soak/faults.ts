/** A thousand faults on the line, at random points of mixed tasks. Another number or seed: `node test/soak/faults.ts 200 7`. */

import { printGoal, printTable } from '../bench/report.ts';
import { runFaults } from './faultRun.ts';
import { FAULTS } from './faultyLine.ts';

const faults = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 20_261_125);
const start = performance.now();
const { injected, tasks, ends, struck, right, reasons, violations } = await runFaults({ seed, faults });
printTable([
  ['fault', 'injected', 'tasks that met it', 'right all the same', 'kept in part', 'told by an error'],
  ...FAULTS.map((kind) => {
    const { right, told, 'kept in part': kept } = ends[kind];
    return [kind, injected[kind], right + kept + told, right, kept, told];
  }),
]);
console.log(
  `  ${tasks} tasks, ${struck} of them met a fault, of these ${right} ended right; ${Math.round((performance.now() - start) / 1000)} s, seed ${seed}`,
);
console.log(
  `  errors told: ${Object.entries(reasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')}`,
);
for (const violation of violations) console.log(`  ${violation}`);
printGoal(
  `Wrong results, unclear errors, hanging tasks or keys told, after ${faults.toLocaleString('en')} faults`,
  violations.length,
  0,
  '',
);
if (violations.length > 0) process.exitCode = 1;
