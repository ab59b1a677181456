import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { InspectorError } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { decodeXml } from '../headers/svgText.ts';
import { systemFonts } from './systemFonts.ts';

/** As in a browser without a page around it. */
const BACKGROUND = 'white';

type RenderedImage = ReturnType<InstanceType<typeof import('@resvg/resvg-wasm').Resvg>['render']>;

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined;

/** Draws an SVG in the given width, on white, as a PNG. Loads nothing that it refers to. Rejects with `unsupportedImage` when its words cannot be drawn. */
export async function drawSvg(bytes: Uint8Array, { width }: Size): Promise<Uint8Array> {
  const text = decodeXml(bytes);
  const hasText = /<(?:\w+:)?text[\s>]/i.test(text);
  const fontBuffers = hasText ? await systemFonts(text) : [];
  if (hasText && fontBuffers.length === 0) {
    // Better refused than sent without its words.
    throw new InspectorError('unsupportedImage', t('The text in this SVG cannot be drawn: no fonts were found on this computer.'), {
      detail: t('Install a font, or convert the picture to PNG.'),
    });
  }
  return drawn(text, { width, fontBuffers, background: BACKGROUND }, (image) => image.asPng());
}

/** Draws an overlay of ours in its own size, on nothing: RGBA, the colours multiplied by alpha. Rejects with `unsupportedImage` when its labels cannot be drawn. */
export async function drawOverlay(svg: string, { width }: Size): Promise<Uint8Array> {
  const fontBuffers = svg.includes('<text') ? await systemFonts(svg) : [];
  if (svg.includes('<text') && fontBuffers.length === 0) {
    throw new InspectorError('unsupportedImage', t('The labels cannot be drawn: no fonts were found on this computer.'), {
      detail: t('Install a font, or export as SVG.'),
    });
  }
  return drawn(svg, { width, fontBuffers }, (image) => image.pixels);
}

async function drawn<Result>(
  svg: string,
  { width, fontBuffers, background }: { width: number; fontBuffers: Uint8Array[]; background?: string },
  take: (image: RenderedImage) => Result,
): Promise<Result> {
  ready ??= load();
  const { Resvg } = await ready;
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    ...(background === undefined ? {} : { background }),
    font: { fontBuffers, loadSystemFonts: false },
  });
  try {
    const image = drawing.render();
    try {
      return take(image);
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}

async function load(): Promise<typeof import('@resvg/resvg-wasm')> {
  const resvg = await import('@resvg/resvg-wasm');
  await resvg.initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  return resvg;
}
