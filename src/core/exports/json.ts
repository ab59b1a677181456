import { fileForEach } from './setWriter.ts';

/** The inspections as they are, a file for each. */
export const json = fileForEach('.inspection.json', ({ inspection }) => `${JSON.stringify(inspection, undefined, 2)}\n`);
