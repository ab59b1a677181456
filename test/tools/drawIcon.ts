/** Draws the extension's icon from its SVG, since the marketplace takes pixels only: `node test/tools/drawIcon.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium } from './chromium.ts';
import { PROJECT } from './project.ts';

const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>body{margin:0}svg{display:block}</style>${await readFile(join(PROJECT, 'media/icon.svg'), 'utf8')}`);
await writeFile(join(PROJECT, 'media/icon.png'), await page.screenshot({ omitBackground: true }));
await browser.close();
