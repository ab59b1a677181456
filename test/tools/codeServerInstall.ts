import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './installOnce.ts';
import { DOWNLOADS } from './project.ts';
import { NPM_OPTIONS, type Run, runProgram } from './runProgram.ts';

/** A server made of VS Code 1.139: the real workbench and the real extension host, from the npm registry. */
export const CODE_SERVER_VERSION = '4.139.1';
/** code-server answers every page with an error on older versions of Node. */
const NODE_NEEDED = 24;

/** Where code-server's own program stands in an installation. */
export const CODE_SERVER_ENTRY = 'node_modules/code-server/out/node/entry.js';

/** The folder of code-server; fetches it if it is not there (about 20 seconds, 700 MB). */
export async function installCodeServer(options: { folder?: string; run?: Run; say?: (line: string) => void } = {}): Promise<string> {
  const { folder = join(DOWNLOADS, `code-server-${CODE_SERVER_VERSION}`), run = runProgram, say = console.log } = options;
  if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED) {
    throw new Error(`Tests need Node ${NODE_NEEDED}, this is ${process.version}. Run them with npm, which uses the project's own Node.`);
  }
  return installOnce(folder, async (unfinished) => {
    say(`Fetching VS Code (code-server ${CODE_SERVER_VERSION}), once: about half a minute and 700 MB.`);
    await writeFile(join(unfinished, 'package.json'), '{"private":true}');
    await run('npm', ['install', ...NPM_OPTIONS, `code-server@${CODE_SERVER_VERSION}`], unfinished);
    // `--ignore-scripts` keeps compilers out, so what code-server's own install script does is done here; `npm ci` fails in these folders
    const vscode = join(unfinished, 'node_modules/code-server/lib/vscode');
    await run('npm', ['install', '--omit=dev', ...NPM_OPTIONS], vscode);
    await run('npm', ['install', '--omit=dev', ...NPM_OPTIONS], join(vscode, 'extensions'));
  });
}
