/** How long it takes to look for images without alternative text in 1,000 documents of all kinds, as `check --alt` does, against reading the same files. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDocuments } from '../../src/cli/altDocuments.ts';
import { Roots } from '../../src/cli/roots.ts';
import { altDocuments, textOfDocument } from '../fixtures/altDocuments.ts';
import { median, printGoal, printTable, timesOf } from './report.ts';

const DOCUMENTS = 1000;
/** In each document. */
const REFERENCES = 10;
const ROUNDS = 5;
const MOST_MS = 3000;

const folder = await mkdtemp(join(tmpdir(), 'alt-text-'));
try {
  const documents = altDocuments(DOCUMENTS, REFERENCES, 20261128);
  for (const document of documents) await writeFile(join(folder, document.name), textOfDocument(document));
  const missing = documents.reduce(
    (sum, { parts }) => sum + parts.filter((part) => typeof part !== 'string' && part.alt === 'missing').length,
    0,
  );
  const roots = await Roots.of([folder], []);
  const check = async () => {
    const { lacking } = await checkDocuments([folder], roots);
    const found = lacking.reduce((sum, one) => sum + one.missing.length, 0);
    if (found !== missing) throw new Error(`${found} of ${missing} were found`);
  };
  const start = performance.now();
  await check();
  const first = performance.now() - start;
  const processor = process.cpuUsage();
  const times = await timesOf(ROUNDS, check, 0);
  const { user, system } = process.cpuUsage(processor);
  const reading = await timesOf(ROUNDS, async () => {
    for (const name of await readdir(folder)) await readFile(join(folder, name), 'utf8');
  });
  const ms = (value: number) => `${Math.round(value)} ms`;
  printTable([
    [`${DOCUMENTS} documents, ${DOCUMENTS * REFERENCES} references`, 'first', 'median', 'CPU'],
    ['missing alternative text', ms(first), ms(median(times)), ms((user + system) / 1000 / ROUNDS)],
    ['reading the files', '', ms(median(reading)), ''],
  ]);
  printGoal(`${DOCUMENTS} documents, first time`, first, MOST_MS, 'ms');
} finally {
  await rm(folder, { recursive: true });
}
