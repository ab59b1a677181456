/** `npm run bench`, or some of it: `npm run bench -- firstBox upload`. */
import { runScripts } from '../tools/runScripts.ts';

const SCRIPTS = [
  'activation',
  'headerEstimate',
  'estimates',
  'imaging',
  'difference',
  'upload',
  'masks',
  'overhead',
  'exports',
  'scores',
  'firstBox',
  'firstPicture',
  'viewer',
  'setGrid',
  'altText',
];

await runScripts(import.meta.dirname, SCRIPTS);
