/** Prepares one image in a process of its own and prints by how many megabytes that made the process grow. Usage: largeImageProcess.ts FILE */

import { prepare } from '../../src/imaging/pixels/prepare.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';

const path = process.argv[2] as string;
// What is loaded once for all images does not count.
await prepare(await fileSource(process.argv[3] as string), { maxDimension: 0 });
const before = process.memoryUsage.rss();
const { body } = await prepare(await fileSource(path), { maxDimension: 0 });
const most = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ grown: Math.max(0, most - before) / 1e6, bytes: body.size }));
