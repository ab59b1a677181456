import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_FAMILY, shippedFonts, type Weight } from './shippedFont.ts';

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

/** The families that stand for `sans-serif`, `serif` and `monospace`: of each the first whose file begins so. */
const GENERIC = {
  sansSerif: {
    arial: 'Arial',
    helvetica: 'Helvetica',
    liberationsans: 'Liberation Sans',
    dejavusans: 'DejaVu Sans',
    notosans: 'Noto Sans',
  },
  serif: { times: 'Times New Roman', liberationserif: 'Liberation Serif', dejavuserif: 'DejaVu Serif', notoserif: 'Noto Serif' },
  monospace: {
    courier: 'Courier New',
    consola: 'Consolas',
    menlo: 'Menlo',
    liberationmono: 'Liberation Mono',
    dejavusansmono: 'DejaVu Sans Mono',
    notosansmono: 'Noto Sans Mono',
  },
} as const;

/** Fonts to draw with, and the families that stand for general names. */
export interface Fonts {
  files: Uint8Array[];
  sansSerif: string;
  serif: string;
  monospace: string;
  /** Of words that name none. */
  usual: string;
}

export interface FontChoice {
  /** Where this computer keeps its fonts, if not in the usual places. */
  folders?: readonly string[] | undefined;
  /** Of most words. */
  weight?: Weight;
}

/** Where this system keeps its fonts. */
function fontFolders(): readonly string[] {
  return FOLDERS[process.platform] ?? [];
}

/**
 * The fonts that an SVG may need, as far as they fit into memory: those of this computer that it names and the usual ones, or any if there are none of
 * these; and behind them those that come along.
 */
export async function fontsFor(svg: string, { folders = fontFolders(), weight = 400 }: FontChoice): Promise<Fonts> {
  const named = [...svg.matchAll(/font-family *[:=] *["']?([^;"'<>]{1,1000})/gi)].flatMap((match) => (match[1] ?? '').split(','));
  const wanted = new Set(named.map(simple).filter((family) => family !== ''));
  const rank = (path: string): number => {
    const name = fileName(path);
    for (const family of wanted) if (name.startsWith(family)) return 0;
    return USUAL.test(name) ? 1 : 2;
  };
  const lists = await Promise.all(folders.map(fontFiles));
  const all = lists.flat().map((path) => ({ path, rank: rank(path) }));
  const fitting = all.filter((file) => file.rank < 2);
  const files = fitting.length > 0 ? fitting : all;
  const fonts: Uint8Array[] = [];
  const names: string[] = [];
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
    names.push(fileName(path));
    room -= size;
  }
  const generic = (families: Readonly<Record<string, string>>) =>
    Object.entries(families).find(([beginning]) => names.some((name) => name.startsWith(beginning)))?.[1] ?? SHIPPED_FAMILY;
  const [sansSerif, serif] = [generic(GENERIC.sansSerif), generic(GENERIC.serif)];
  // Browsers ask for Times New Roman and what is made to its measure, and take what there is otherwise.
  const usual = /^(?:Times|Liberation)/.test(serif) ? serif : sansSerif;
  return { files: [...fonts, ...(await shippedFonts(weight))], sansSerif, serif, monospace: generic(GENERIC.monospace), usual };
}

function fileName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/[^\p{L}\p{N}.]/gu, '').toLowerCase();
}

function simple(family: string): string {
  return family.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

async function fontFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => /\.(?:ttf|otf|ttc)$/i.test(name)).map((name) => join(folder, name));
}
