// Bundles everything that VS Code or a browser loads. `--production` minifies, `--watch` builds again on every change, `--tests` adds the tests
// that run inside VS Code.

import { copyFile, glob, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { context } from 'esbuild';
import { packageFolders, writeNotices } from './notices.mjs';
import { startInTwoChunks } from './startChunk.mjs';
import { copyVendored, VENDORED } from './vendor.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');
const root = import.meta.dirname;

/** A bundle stands elsewhere than its sources: `import.meta.dirname` and its like keep pointing to the source file. */
const sourceLocation = {
  name: 'source-location',
  setup(build) {
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8'))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path)),
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};
/** VS Code 1.101 runs extensions in Node 22. @type {import('esbuild').BuildOptions} */
const host = { ...shared, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], mainFields: ['module', 'main'] };
/** What webviews load. @type {import('esbuild').BuildOptions} */
const page = { ...shared, platform: 'browser', format: 'iife', target: 'chrome134' };

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  // The extension, and the command line, which knows nothing of VS Code and has what both need from the same files. Every `import()` becomes a file of
  // its own that is loaded when it is first needed.
  {
    ...host,
    format: 'esm',
    splitting: true,
    entryPoints: { extension: 'src/extension.ts', cli: 'src/cli/cli.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [startInTwoChunks('src/extension.ts')],
    // The libraries of Google Cloud call `require` for parts of Node.
    banner: { js: "import { createRequire as nodeRequire } from 'node:module';const require = nodeRequire(import.meta.url);" },
  },
  // It stands beside the packages that it loads at run time.
  {
    ...host,
    format: 'esm',
    entryPoints: ['src/imaging/worker/worker.ts'],
    outfile: 'dist/vendor/imageWorker.js',
    external: VENDORED.map((name) => `${name}*`),
  },
  // The thread of large label files: alone in its file, since as an entry of the first bundle it would divide the start into more of them.
  { ...host, format: 'esm', entryPoints: ['src/engine/labels/labelThread.ts'], outfile: 'dist/labelThread.js' },
  { ...page, entryPoints: ['src/webview/page/main.ts'], outfile: 'dist/webview.js' },
  { ...page, entryPoints: ['src/webview/paste/main.ts'], outfile: 'dist/paste.js' },
  { ...page, entryPoints: ['src/webview/page/inspector.css'], outfile: 'dist/inspector.css' },
  { ...page, entryPoints: ['src/webview/set/main.ts'], outfile: 'dist/set.js' },
  { ...page, entryPoints: ['src/webview/set/set.css'], outfile: 'dist/set.css' },
  { ...page, entryPoints: ['src/webview/trying/main.ts'], outfile: 'dist/try.js' },
  { ...page, entryPoints: ['src/webview/trying/try.css'], outfile: 'dist/try.css' },
];

const shippedCount = bundles.length;

if (tests) {
  const entryPoints = (await Array.fromAsync(glob('test/vscode/*.ts', { cwd: root }))).sort();
  bundles.push({
    ...host,
    entryPoints: Object.fromEntries(entryPoints.map((path) => [basename(path, '.ts'), path])),
    outdir: 'out/test/vscode',
    outExtension: { '.js': '.cjs' },
    packages: 'external',
    minify: false,
    sourcemap: 'inline',
    plugins: [sourceLocation],
  });
}

await Promise.all(
  ['dist', ...(tests ? ['out/test/vscode'] : [])].map((folder) => rm(join(root, folder), { recursive: true, force: true })),
);
await mkdir(join(root, 'dist'), { recursive: true });
await Promise.all(
  ['codicon.css', 'codicon.ttf'].map((file) => copyFile(join(root, 'node_modules/@vscode/codicons/dist', file), join(root, 'dist', file))),
);
const vendored = await copyVendored(root, join(root, 'dist/vendor'));

const contexts = await Promise.all(bundles.map((options) => context({ ...options, absWorkingDir: root })));
if (watch) {
  await Promise.all(contexts.map((c) => c.watch()));
  console.log('Watching for changes.');
} else {
  const results = await Promise.allSettled(contexts.map((c) => c.rebuild()));
  await Promise.all(contexts.map((c) => c.dispose()));
  // esbuild has printed what was wrong
  if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
  const shipped = results.slice(0, shippedCount).flatMap(({ value }) => Object.keys(value?.metafile.inputs ?? {}));
  const folders = [...packageFolders(shipped), ...vendored, 'node_modules/@vscode/codicons'];
  await writeNotices(root, folders, join(root, 'dist/ThirdPartyNotices.txt'));
}
