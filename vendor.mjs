// Copies the packages that cannot be part of a bundle beside the worker that loads them: they find their WebAssembly by their own place, and
// libheif's licence (LGPL) wants it to be replaceable. Only what is needed at run time, and the licences.

import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Packages that the worker imports. */
export const VENDORED = [
  'sharp',
  '@img/sharp-wasm32',
  '@cornerstonejs/codec-libjpeg-turbo-8bit',
  'libheif-js',
  '@resvg/resvg-wasm',
  '@fontsource/open-sans',
];

/** Files needed at run time, by package; of all others everything but types, maps and documentation. */
const NEEDED = {
  sharp: /^dist\/[\w-]+\.mjs$/,
  '@cornerstonejs/codec-libjpeg-turbo-8bit': /^dist\/libjpegturbowasm_decode\.(js|wasm)$/,
  'libheif-js': /^(wasm-bundle\.js|libheif-wasm\/libheif-bundle\.js)$/,
  '@resvg/resvg-wasm': /^(index\.mjs|index_bg\.wasm)$/,
  '@fontsource/open-sans': /^files\/open-sans-(latin|latin-ext|greek|cyrillic|vietnamese|hebrew|symbols|math)-[47]00-normal\.woff$/,
  '@emnapi/runtime': /^(index\.js|dist\/emnapi\.cjs(\.min)?\.js)$/,
  tslib: /^(tslib|modules\/index)\.js$/,
};
const ALWAYS = /^(package|versions)\.json$|(^|\/)(licen[cs]e|copyright)[\w.-]*$/i;
const NEVER = /\.d\.[cm]?ts$|\.map$|\.md$|^(bin|install|src)\//;

/**
 * Copies these packages and all that they depend on into `target/node_modules`; resolves to their folders, relative to `root`, in which they are installed.
 * Native builds are optional, so none comes along.
 */
export async function copyVendored(root, target) {
  const done = new Set();
  const folders = [];
  const copy = async (name, dependent) => {
    if (done.has(name)) return;
    done.add(name);
    const folder = dirname(findPackageJSON(name, pathToFileURL(join(dependent, 'package.json'))));
    folders.push(relative(root, folder).split(sep).join('/'));
    for (const file of await filesOf(folder)) {
      if (!ALWAYS.test(file) && (NEEDED[name] ? !NEEDED[name].test(file) : NEVER.test(file))) continue;
      const copied = join(target, 'node_modules', name, file);
      await mkdir(dirname(copied), { recursive: true });
      await copyFile(join(folder, file), copied);
    }
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) await copy(dependency, folder);
  };
  for (const name of VENDORED) await copy(name, root);
  return folders;
}

/** The files of a package by their paths in it, without packages within it. */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  return files.map((file) => file.split(sep).join('/')).filter((file) => !file.startsWith('node_modules/'));
}
