// The command line. What an older Node cannot read is loaded only where there is a newer one.
const OLDEST = 22;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(`Image Inspector needs Node ${OLDEST} or later; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const [{ runCli }, { readFileSync }] = await Promise.all([import('./main.ts'), import('node:fs')]);
  const interrupted = new AbortController();
  // A second one ends it at once.
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  // Who reads has gone, as `head` does: there is nobody left to tell anything.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1));
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  process.exitCode = await runCli({
    args: process.argv.slice(2),
    env: process.env,
    streams: { input: process.stdin, output: process.stdout, errors: process.stderr },
    version: manifest.version,
    worker: new URL('./vendor/imageWorker.js', import.meta.url),
    interrupted: interrupted.signal,
  });
}
