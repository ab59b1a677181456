import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the systems keep their fonts. Folders that are not there are passed over. */
const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: [join(process.env.WINDIR ?? 'C:\\Windows', 'Fonts'), join(process.env.LOCALAPPDATA ?? '', 'Microsoft/Windows/Fonts')],
  darwin: ['/System/Library/Fonts', '/Library/Fonts', join(homedir(), 'Library/Fonts')],
  linux: ['/usr/share/fonts', '/usr/local/share/fonts', join(homedir(), '.local/share/fonts'), join(homedir(), '.fonts')],
};

/** Families that stand for `sans-serif`, `serif` and `monospace`, by the beginnings of their files' names. */
const USUAL =
  /^(?:arial|helvetica|times|courier|georgia|verdana|menlo|consola|segoeui|dejavu|liberation|freesans|freeserif|freemono|noto(?:sans|serif|sansmono|sanscjk))/i;

/** Bytes of fonts that are read for one picture. */
const MOST = 64e6;

/** The fonts of this computer that an SVG may need: those it names and the usual ones, or any if there are none of these; as far as they fit into memory. */
export async function systemFonts(svg: string): Promise<Uint8Array[]> {
  const named = [...svg.matchAll(/font-family\s*[:=]\s*["']?([^;"'>]+)/gi)].flatMap((match) => (match[1] ?? '').split(','));
  const wanted = named.map((family) => family.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()).filter((family) => family !== '');
  const rank = (path: string): number => {
    const name = (path.split(/[\\/]/).at(-1) ?? '').replace(/[^\p{L}\p{N}.]/gu, '').toLowerCase();
    if (wanted.some((family) => name.startsWith(family))) return 0;
    return USUAL.test(name) ? 1 : 2;
  };
  const lists = await Promise.all((FOLDERS[process.platform] ?? []).map(fontFiles));
  const all = lists.flat().map((path) => ({ path, rank: rank(path) }));
  const fitting = all.filter((file) => file.rank < 2);
  const files = fitting.length > 0 ? fitting : all;
  const fonts: Uint8Array[] = [];
  let room = MOST;
  for (const { path } of files.sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))) {
    const size = await stat(path).then(
      (stats) => stats.size,
      () => Number.POSITIVE_INFINITY,
    );
    if (size > room) continue;
    const font = await readFile(path).catch(() => undefined);
    if (font === undefined) continue;
    fonts.push(font);
    room -= size;
  }
  return fonts;
}

async function fontFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /\.(?:ttf|otf|ttc)$/i.test(name)).map((name) => join(folder, name));
}
