// How the code of the extension host is divided into files.

import { relative, sep } from 'node:path';

/**
 * Puts all that is loaded at the start into one file. esbuild makes a chunk of the modules that the same entries reach, and every `import()` is an entry:
 * the start alone would be some forty files, each of which takes its time. With this, whatever is loaded by `import()` imports the start too, which is
 * there already by then; so the same entries reach all modules of the start, and they are one chunk.
 *
 * @param {string} start The module with which everything begins; relative to the working directory.
 * @returns {import('esbuild').Plugin}
 */
export function startInOneChunk(start) {
  return {
    name: 'start-in-one-chunk',
    setup(build) {
      const root = build.initialOptions.absWorkingDir ?? process.cwd();
      build.onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir }) => {
        // Packages import nothing of ours. Some are wrapped since they may be required, and so would be all that they import.
        if (kind !== 'dynamic-import' || relative(root, importer).split(sep).includes('node_modules')) return undefined;
        const module = await build.resolve(path, { kind: 'import-statement', importer, resolveDir });
        if (module.errors.length > 0) return module;
        return { path: relative(root, module.path).replaceAll(sep, '/'), namespace: 'lazy' };
      });
      build.onLoad({ filter: /^/, namespace: 'lazy' }, ({ path }) => ({
        contents: [`import './${start}';`, `export * from './${path}';`].join('\n'),
        resolveDir: root,
      }));
    },
  };
}
