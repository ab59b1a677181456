import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { InspectorError } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { type CheckedSvg, checkSvg } from '../svg/svgCheck.ts';
import { refusal, SvgRefused } from '../svg/svgRefusal.ts';
import { exactSvgSize } from '../svg/svgSize.ts';
import { decodeXml, findSvgRoot } from '../svg/svgText.ts';
import { withoutGlyph } from './fontTables.ts';
import { SHIPPED_FAMILY } from './shippedFont.ts';
import { type Fonts, fontsFor } from './systemFonts.ts';

/** As in a browser without a page around it. */
const BACKGROUND = 'white';

type RenderedImage = ReturnType<InstanceType<typeof import('@resvg/resvg-wasm').Resvg>['render']>;

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined;

/** Draws an SVG in the given size, on white, as a PNG. Loads nothing that it refers to. Rejects with `unsupportedImage` where it would not look as in a browser. */
export async function drawSvg(bytes: Uint8Array, size: Size, fontFolders?: readonly string[]): Promise<Uint8Array> {
  const text = readable(decodeXml(bytes));
  const { words, background } = checked(text);
  const fonts = words.trim() === '' ? undefined : await fontsFor(text, { folders: fontFolders });
  const missing = fonts === undefined ? [] : undrawable(words, fonts);
  // Better refused than sent without its words.
  if (missing.length > 0) {
    throw new InspectorError(
      'unsupportedImage',
      t('The text in this SVG cannot be drawn: no font has these characters: {0}', missing.join(' ')),
      {
        detail: t('Install a font, or export it as PNG.'),
      },
    );
  }
  return drawn(withSize(text, size), { size, fonts, background: background ?? BACKGROUND }, (image) => image.asPng());
}

/** Draws an overlay of ours in its own size, on nothing: RGBA, the colours multiplied by alpha. */
export async function drawOverlay(svg: string, size: Size, fontFolders?: readonly string[]): Promise<Uint8Array> {
  const fonts = svg.includes('<text') ? await fontsFor(svg, { folders: fontFolders, weight: 700 }) : undefined;
  return drawn(svg, { size, fonts }, (image) => image.pixels);
}

function checked(text: string): CheckedSvg {
  try {
    return checkSvg(text);
  } catch (error) {
    throw error instanceof SvgRefused ? refusal(error) : error;
  }
}

/** Characters of a text for which there is no font, a few of them. */
export async function undrawableCharacters(text: string, fontFolders?: readonly string[]): Promise<string[]> {
  return undrawable(text, await fontsFor('', { folders: fontFolders }));
}

/** Characters that no font has, a few of them. */
function undrawable(words: string, { files }: Fonts): string[] {
  const seen = [...words].filter((character) => !/[\s\p{C}\p{M}]/u.test(character));
  const missing = withoutGlyph(
    seen.map((character) => character.codePointAt(0) as number),
    files,
  );
  return [...missing].slice(0, 8).map((codePoint) => String.fromCodePoint(codePoint));
}

/** The same SVG in spellings that resvg reads: it knows no quotes around references, and one name of a colour in one way only. */
function readable(text: string): string {
  return text
    .replace(/url\(\s*(?:["']|&quot;|&apos;)#([^\s"'()&<>]{1,300})(?:["']|&quot;|&apos;)\s*\)/g, 'url(#$1)')
    .replace(/([=:]["' ]{0,4})currentcolor(?=["'; }])/gi, '$1currentColor');
}

/** With the size of its root element in plain numbers: resvg takes the view box for a side that is missing. */
function withSize(text: string, size: Size): string {
  const root = findSvgRoot(text);
  if (typeof root !== 'object' || root.end === undefined) return text;
  const exact = exactSvgSize(root.attributes);
  // What is thinner than a pixel is drawn as one.
  const least = Math.max(exact.width, exact.height) / Math.max(size.width, size.height);
  const [width, height] = [Math.max(exact.width, least), Math.max(exact.height, least)];
  const attributes = new Map([...root.attributes, ['width', String(width)], ['height', String(height)]]);
  const style = attributes.get('style');
  if (style !== undefined) attributes.set('style', style.replace(/(^|;) *(?:max-)?(?:width|height) *:[^;]*/g, '$1'));
  const written = [...attributes].map(([name, value]) => (value.includes('"') ? `${name}='${value}'` : `${name}="${value}"`));
  const isEmpty = text[root.end - 2] === '/';
  return `${text.slice(0, root.start)}<${root.name} ${written.join(' ')}${isEmpty ? '/' : ''}>${text.slice(root.end)}`;
}

/** With families in place of the general names, of which the WebAssembly of resvg takes no notice. */
function withFamilies(svg: string, fonts: Fonts): string {
  const named = (value: string) =>
    value.replace(
      /(?<![\w-])(?:(sans-serif|system-ui|ui-sans-serif)|(serif|ui-serif)|(monospace|ui-monospace))(?![\w-])/g,
      (_, sansSerif, serif) => (sansSerif ? fonts.sansSerif : serif ? fonts.serif : fonts.monospace),
    );
  return svg
    .replace(/font-family\s{0,9}=\s{0,9}(?:"[^"<>]{1,500}"|'[^'<>]{1,500}')/g, named)
    .replace(/font-family\s{0,9}:(?:"[^"<>;=]{0,100}"\s{0,9},|[^;>}"]){0,500}/g, named);
}

async function drawn<Result>(
  svg: string,
  { size, fonts, background }: { size: Size; fonts: Fonts | undefined; background?: string },
  take: (image: RenderedImage) => Result,
): Promise<Result> {
  ready ??= load();
  const { Resvg } = await ready;
  const drawing = new Resvg(fonts === undefined ? svg : withFamilies(svg, fonts), {
    // By the longer side: the other may be one pixel, which stands for any length.
    fitTo: size.width >= size.height ? { mode: 'width', value: size.width } : { mode: 'height', value: size.height },
    ...(background === undefined ? {} : { background }),
    font: {
      fontBuffers: fonts?.files ?? [],
      loadSystemFonts: false,
      // Of browsers; resvg's own is 12.
      defaultFontSize: 16,
      defaultFontFamily: fonts?.usual ?? SHIPPED_FAMILY,
    },
  });
  try {
    const image = drawing.render();
    const result = take(image);
    image.free();
    drawing.free();
    return result;
  } catch (error) {
    // What broke cannot be freed, and would hide why: the thread is renewed.
    if (!(error instanceof WebAssembly.RuntimeError)) drawing.free();
    throw error;
  }
}

async function load(): Promise<typeof import('@resvg/resvg-wasm')> {
  const resvg = await import('@resvg/resvg-wasm');
  await resvg.initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return resvg;
}
