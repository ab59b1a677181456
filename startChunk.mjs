// How the code of the extension host and of the command line is divided into files.

import { relative, sep } from 'node:path';
import { build } from 'esbuild';

/** What imports VS Code: the command line must not load it. */
const ONLY_IN_VS_CODE = /^src\/(host\/|extension\.ts$)/;

/**
 * Puts all that the extension loads at its start into two files, and lets the command line share everything that knows nothing of VS Code. esbuild makes
 * a chunk of the modules that the same entries reach, and every `import()` is an entry: the start alone would be some forty files, each of which takes its
 * time. With this, whatever the extension loads by `import()` imports the start too, which is there already by then, and what others load by `import()`
 * imports the part of the start that knows nothing of VS Code; so the same entries reach all modules of either part.
 *
 * @param {string} start The module with which the extension begins; relative to the working directory.
 * @returns {import('esbuild').Plugin}
 */
export function startInTwoChunks(start) {
  return {
    name: 'start-in-two-chunks',
    setup(bundle) {
      const root = bundle.initialOptions.absWorkingDir ?? process.cwd();
      const pathIn = (path) => relative(root, path).replaceAll(sep, '/');
      /** @type {Promise<string[]>} */
      let shared;
      bundle.onStart(() => {
        shared = modulesOf(start, bundle.initialOptions).then((modules) => modules.filter((path) => !ONLY_IN_VS_CODE.test(path)));
      });
      bundle.onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir }) => {
        // Packages import nothing of ours. Some are wrapped since they may be required, and so would be all that they import.
        if (kind !== 'dynamic-import' || pathIn(importer).split('/').includes('node_modules')) return undefined;
        const module = await bundle.resolve(path, { kind: 'import-statement', importer, resolveDir });
        if (module.errors.length > 0) return module;
        return { path: pathIn(module.path), namespace: ONLY_IN_VS_CODE.test(pathIn(importer)) ? 'lazy' : 'shared' };
      });
      bundle.onLoad({ filter: /^/, namespace: 'lazy' }, ({ path }) => lazily([start], path, root));
      bundle.onLoad({ filter: /^/, namespace: 'shared' }, async ({ path }) => lazily(await shared, path, root));
    },
  };
}

/** @param {readonly string[]} before What is loaded with a module. */
function lazily(before, path, root) {
  return { contents: [...before.map((one) => `import './${one}';`), `export * from './${path}';`].join('\n'), resolveDir: root };
}

/** The modules that one imports at once, itself included. */
async function modulesOf(start, { absWorkingDir, mainFields, target }) {
  const { metafile } = await build({
    absWorkingDir,
    mainFields,
    target,
    entryPoints: [start],
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    format: 'esm',
    platform: 'node',
    external: ['vscode'],
    plugins: [
      {
        name: 'at-once',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^/ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
      },
    ],
  });
  return Object.keys(metafile.inputs);
}
