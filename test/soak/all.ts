/** `npm run soak`, or some of it: `npm run soak -- replies`. What takes too long for `npm test`, which holds a sample of each. */
import { runScripts } from '../tools/runScripts.ts';

await runScripts(import.meta.dirname, ['replies', 'faults', 'pictures', 'labels', 'scores', 'sets', 'setMemory']);
