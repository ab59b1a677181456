// Writes the notices of all that ships and is not ours: every package that is part of a bundle, by esbuild's own account, or stands beside one.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Texts of licences that packages name but do not hold, or that another licence refers to. */
const TEXTS = [
  { names: /^MPL-2\.0$/, file: 'MPL-2.0.txt' },
  { names: /LGPL-3\.0/, file: 'GPL-3.0.txt' },
];
/** Packages that do not say what they contain, and what says it for them. */
const CONTENTS = { '@cornerstonejs/codec-libjpeg-turbo-8bit': 'libjpeg-turbo.txt' };
const LICENCE_FILE = /^(licen[cs]e|copying|copyright|notice)[\w.-]*$/i;

/** The folders of the packages that files belong to, each once. `paths`: relative to the project. */
export function packageFolders(paths) {
  const folders = paths.map((path) => /^(?:.*[\\/])?node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0].replaceAll('\\', '/'));
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** Writes the notices of the packages in these folders into `target`. Rejects when a package says nothing about its licence. */
export async function writeNotices(root, folders, target) {
  const packages = await Promise.all([...new Set(folders)].map((folder) => readPackage(root, folder)));
  const entries = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
  const sorted = [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const shared = await Promise.all(
    TEXTS.filter(({ names }) => sorted.some(({ license }) => names.test(license))).map(async ({ file }) => ({
      title: file.replace('.txt', ''),
      text: await readFile(join(root, 'licenses', file), 'utf8'),
    })),
  );
  const sections = [
    'Image Inspector for Gemini contains the following packages, each under its own licence. Packages under the LGPL stand as files of their own in\ndist/vendor/node_modules, where they can be replaced.',
    sorted.map(({ name, version, license }) => `${name} ${version}: ${license}`).join('\n'),
    ...sorted.map(({ name, version, license, source, texts }) =>
      [`${name} ${version} (${license})`, source, ...texts].filter(Boolean).join('\n\n'),
    ),
    ...shared.map(({ title, text }) => `${title}\n\n${text.trim()}`),
  ];
  await writeFile(target, `${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

async function readPackage(root, folder) {
  const path = join(root, folder);
  const { name, version, license, repository } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} names no licence`);
  const files = (await readdir(path)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map(async (file) => (await readFile(join(path, file), 'utf8')).trim()));
  // Some say what they are made of, and under which licences, in their README only.
  const about = await readFile(join(path, 'README.md'), 'utf8').catch(() => '');
  const licensing = /^#+ Licen[cs]ing?\b[\s\S]*/im.exec(about)?.[0].trim();
  if (licensing !== undefined) texts.push(licensing);
  if (name in CONTENTS) texts.push((await readFile(join(root, 'licenses', CONTENTS[name]), 'utf8')).trim());
  const source = typeof repository === 'string' ? repository : repository?.url;
  return { name, version, license, source, texts };
}
