/** Twenty thousand mutated pictures. Another number or seed: `node test/soak/pictures.ts 500 7`. */
import { printGoal, printTable } from '../bench/report.ts';
import { runPictures } from './pictureRun.ts';

const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 20_261_128);
const start = performance.now();
const { pictures, accepted, damagedInside, refused, slowestProbe, violations } = await runPictures({ seed, count });
printTable([
  ['mutated pictures', 'number'],
  ['all', pictures],
  ['accepted, and decoded by another', accepted - damagedInside],
  ['accepted with their own pixels, in which only a decoder finds damage', damagedInside],
  ...Object.entries(refused).map(([reason, number]) => [`refused: ${reason}`, number]),
]);
console.log(
  `  ${Math.round((performance.now() - start) / 1000)} s, seed ${seed}; the slowest header took the host ${slowestProbe.toFixed(0)} ms`,
);
for (const violation of violations) console.log(`  ${violation.slice(0, 1000)}`);
printGoal(
  `Crashes, hangs, unnamed errors, wrong sizes or new files that do not decode, of ${pictures.toLocaleString('en')}`,
  violations.length,
  0,
  '',
);
if (violations.length > 0) process.exitCode = 1;
