import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './installOnce.ts';
import { DOWNLOADS } from './project.ts';
import { NPM_OPTIONS, type Run, runProgram } from './runProgram.ts';

/** A headless Chromium for Linux on x64 with the libraries and the font that it needs, from the npm registry. */
const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';

/** Unpacks what is in the package; its libraries and fonts too, which it does only where it believes itself in the cloud that it was made for. */
const UNPACK = `const { default: chromium } = await import('${PACKAGE}'); await chromium.executablePath();`;
const IN_ITS_CLOUD = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };

/** The fonts of this computer as it is set up, and behind them the package's own. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

const START = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_FILE="$here/fonts/fonts.conf"
exec "$here/chromium" "$@"
`;

/** The path of that Chromium; fetches it if it is not there (about 10 seconds, 210 MB). Rejects where it does not run. */
export async function installChromium(options: { folder?: string; run?: Run; say?: (line: string) => void } = {}): Promise<string> {
  const { folder = join(DOWNLOADS, `chromium-${VERSION}`), run = runProgram, say = console.log } = options;
  await installOnce(folder, async (unfinished) => {
    say(`Fetching Chromium (${PACKAGE} ${VERSION}) for the tests, once: about 10 seconds and 210 MB.`);
    await writeFile(join(unfinished, 'package.json'), '{"private":true,"type":"module"}');
    await run('npm', ['install', ...NPM_OPTIONS, `${PACKAGE}@${VERSION}`], unfinished);
    await run(process.execPath, ['--input-type=module', '-e', UNPACK], unfinished, { ...IN_ITS_CLOUD, TMPDIR: unfinished });
    await Promise.all(['node_modules', 'package-lock.json'].map((name) => rm(join(unfinished, name), { recursive: true, force: true })));
    await mkdir(join(unfinished, 'fonts'), { recursive: true });
    await writeFile(join(unfinished, 'fonts/fonts.conf'), FONTS);
    await writeFile(join(unfinished, 'start'), START, { mode: 0o755 });
    await run(join(unfinished, 'start'), ['--version'], unfinished);
  });
  return join(folder, 'start');
}
