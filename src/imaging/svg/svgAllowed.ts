/**
 * What of SVG and CSS is drawn by resvg 2.6.2 as by Chromium, each row tried against it (test/webview/svgAgainstChromium.test.ts). All else is refused:
 * no error of a drawing program means that what it drew is right.
 */

/** One way only to read a run of digits, or long lists would take long. */
const POSITIVE = '\\+?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?';
const NUMBER = `-?${POSITIVE}`;
const UNIT = '(?:px|pt|pc|mm|cm|in|em|%)?';
const LENGTH = `${NUMBER}${UNIT}`;
const SIZE = `${POSITIVE}${UNIT}`;
const SEPARATOR = '(?: *, *| +)';
/** Says whether a value is drawn as in Chromium. */
export interface Pattern {
  test(value: string): boolean;
}

const NAMES =
  'aliceblue|antiquewhite|aqua|aquamarine|azure|beige|bisque|black|blanchedalmond|blue|blueviolet|brown|burlywood|cadetblue|chartreuse|chocolate|coral|cornflowerblue|cornsilk|crimson|cyan|darkblue|darkcyan|darkgoldenrod|darkgr[ae]y|darkgreen|darkkhaki|darkmagenta|darkolivegreen|darkorange|darkorchid|darkred|darksalmon|darkseagreen|darkslateblue|darkslategr[ae]y|darkturquoise|darkviolet|deeppink|deepskyblue|dimgr[ae]y|dodgerblue|firebrick|floralwhite|forestgreen|fuchsia|gainsboro|ghostwhite|gold|goldenrod|gr[ae]y|green|greenyellow|honeydew|hotpink|indianred|indigo|ivory|khaki|lavender|lavenderblush|lawngreen|lemonchiffon|lightblue|lightcoral|lightcyan|lightgoldenrodyellow|lightgr[ae]y|lightgreen|lightpink|lightsalmon|lightseagreen|lightskyblue|lightslategr[ae]y|lightsteelblue|lightyellow|lime|limegreen|linen|magenta|maroon|mediumaquamarine|mediumblue|mediumorchid|mediumpurple|mediumseagreen|mediumslateblue|mediumspringgreen|mediumturquoise|mediumvioletred|midnightblue|mintcream|mistyrose|moccasin|navajowhite|navy|oldlace|olive|olivedrab|orange|orangered|orchid|palegoldenrod|palegreen|paleturquoise|palevioletred|papayawhip|peachpuff|peru|pink|plum|powderblue|purple|red|rosybrown|royalblue|saddlebrown|salmon|sandybrown|seagreen|seashell|sienna|silver|skyblue|slateblue|slategr[ae]y|snow|springgreen|steelblue|tan|teal|thistle|tomato|turquoise|violet|wheat|white|whitesmoke|yellow|yellowgreen|transparent';
const WHOLE = '[+-]?\\d{1,4}';
const COLOUR = [
  '#(?:[\\da-fA-F]{3,4}|[\\da-fA-F]{6}|[\\da-fA-F]{8})',
  `(?:${NAMES})`,
  `rgb\\( *${WHOLE} *, *${WHOLE} *, *${WHOLE} *\\)`,
  `rgb\\( *${WHOLE} +${WHOLE} +${WHOLE} *\\)`,
  `rgb\\( *${NUMBER}% *, *${NUMBER}% *, *${NUMBER}% *\\)`,
  `rgba\\( *${WHOLE} *, *${WHOLE} *, *${WHOLE} *, *${NUMBER} *\\)`,
  `hsl\\( *${NUMBER} *, *${NUMBER}% *, *${NUMBER}% *\\)`,
  `hsla\\( *${NUMBER} *, *${NUMBER}% *, *${NUMBER}% *, *${NUMBER} *\\)`,
].join('|');
/** Whether it leads to something is looked at elsewhere. */
const REFERENCE = 'url\\( *#[^\\s()"\'#]{1,300} *\\)';
const INHERITED = 'inherit';

const whole = (pattern: string, flags = ''): RegExp => new RegExp(`^(?:${pattern})$`, flags);
/** Of `a b c`: any of these words. */
const words = (list: string): RegExp => whole(`${list.split(' ').join('|')}|${INHERITED}`);

const COLOURED = whole(`(?:${COLOUR})`, 'i');
const isColour: Pattern = { test: (value: string) => value === 'currentColor' || value === INHERITED || COLOURED.test(value) };
const isReference = whole(`none|${REFERENCE}`);
const FALLBACK = whole(`${REFERENCE} +(.*)`);
const isPaint: Pattern = {
  test(value) {
    const colour = FALLBACK.exec(value)?.[1] ?? value;
    return colour === 'none' || isReference.test(value) || isColour.test(colour);
  },
};
const isLength = whole(`${LENGTH}|${INHERITED}`);
const isSize = whole(`${SIZE}|${INHERITED}`);
const isShare = whole(`${NUMBER}%?|${INHERITED}`);
const isNumber = whole(`${NUMBER}|${INHERITED}`);
/** `translate(…)` and its like, one after the other, of numbers alone. */
const isTransform = whole('\\s*(?:(?:matrix|translate|scale|rotate|skewX|skewY)\\s*\\([\\d\\s,.eE+-]*\\)[\\s,]*)*');
const anything = /^/;
const isUsual = whole('normal|none|auto|initial|0|0px|solid|mixed|baseline|medium|currentColor', 'i');

/** Properties, as attributes and in CSS, with their values. */
export const PROPERTIES: Readonly<Record<string, Pattern>> = {
  fill: isPaint,
  stroke: isPaint,
  color: isColour,
  'stop-color': isColour,
  'flood-color': isColour,
  opacity: isShare,
  'fill-opacity': isShare,
  'stroke-opacity': isShare,
  'stop-opacity': isShare,
  'flood-opacity': isShare,
  'stroke-width': isSize,
  'stroke-linecap': words('butt round square'),
  'stroke-linejoin': words('miter round bevel'),
  'stroke-miterlimit': isNumber,
  'stroke-dasharray': whole(`none|${INHERITED}|${SIZE}(?:${SEPARATOR}${SIZE})*`),
  'stroke-dashoffset': isLength,
  'fill-rule': words('nonzero evenodd'),
  'clip-rule': words('nonzero evenodd'),
  display: words('none inline block inline-block'),
  visibility: words('visible hidden collapse'),
  overflow: words('visible hidden auto scroll'),
  'clip-path': isReference,
  mask: isReference,
  filter: isReference,
  'marker-start': isReference,
  'marker-mid': isReference,
  'marker-end': isReference,
  'mask-type': words('luminance'),
  'mix-blend-mode': words(
    'normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue saturation color luminosity',
  ),
  isolation: words('auto isolate'),
  'paint-order': whole('normal|(?:fill|stroke|markers)(?: (?:fill|stroke|markers)){0,2}'),
  'color-interpolation': words('auto sRGB'),
  'color-interpolation-filters': words('auto sRGB linearRGB'),
  'shape-rendering': words('auto crispEdges geometricPrecision optimizeSpeed'),
  'text-rendering': words('auto optimizeSpeed optimizeLegibility geometricPrecision'),
  'image-rendering': words('auto optimizeQuality'),
  'color-rendering': anything,
  'vector-effect': words('none'),
  'font-family': whole(`[\\p{L}\\p{N} ,'"_.-]+`, 'u'),
  'font-size': isSize,
  'font-weight': whole(`normal|bold|[1-9]00|${INHERITED}`),
  'font-style': words('normal italic oblique'),
  'letter-spacing': whole(`normal|${LENGTH}`),
  'word-spacing': whole(`normal|${LENGTH}`),
  'text-anchor': words('start middle end'),
  'text-decoration': whole('none|underline|line-through'),
  'dominant-baseline': words('auto alphabetic middle central hanging'),
  'alignment-baseline': words('auto baseline alphabetic middle central'),
  'writing-mode': words('horizontal-tb lr-tb lr'),
  direction: words('ltr'),
  // Of no account in a picture, whatever they say.
  cursor: anything,
  'pointer-events': anything,
  'user-select': anything,
  'will-change': anything,
  'enable-background': anything,
  'solid-color': anything,
  'solid-opacity': anything,
  'line-height': anything,
  'text-align': anything,
  'shape-padding': anything,
  'shape-margin': anything,
  'touch-action': anything,
  // Written by programs as what they are anyway.
  ...Object.fromEntries(
    'baseline-shift block-progression box-sizing font-feature-settings font-kerning font-size-adjust font-stretch font-variant font-variant-alternates font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position font-variation-settings glyph-orientation-horizontal glyph-orientation-vertical kerning marker stroke-dashadjust text-decoration-line text-decoration-style text-indent text-orientation text-transform transform transform-origin transition unicode-bidi white-space'
      .split(' ')
      .map((name) => [name, isUsual]),
  ),
};

/** Attributes that are no properties, and the values of those that change what is drawn. What is in neither table is unknown to browsers, too. */
export const ATTRIBUTES: Readonly<Record<string, Pattern>> = {
  ...Object.fromEntries(
    'width height rx ry cx cy r x1 y1 x2 y2 fx fy markerWidth markerHeight'.split(' ').map((name) => [name, whole(LENGTH)]),
  ),
  ...Object.fromEntries(['x', 'y', 'dx', 'dy'].map((name) => [name, whole(`${LENGTH}(?:${SEPARATOR}${LENGTH})*`)])),
  textLength: isSize,
  fr: whole('0(?:px|%)?'),
  transform: isTransform,
  gradientTransform: isTransform,
  patternTransform: isTransform,
  orient: whole(`auto|${NUMBER}(?:deg)?`),
  refX: whole(LENGTH),
  refY: whole(LENGTH),
  // Never drawn as in Chromium where they are of account.
  pathLength: whole(''),
  'transform-origin': isUsual,
  requiredFeatures: whole(''),
  systemLanguage: whole(''),
  side: words('left'),
  path: whole(''),
};

const list = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Elements that are drawn, or that others are drawn with. */
export const ELEMENTS = list(
  'svg g defs a switch use symbol path rect circle ellipse line polyline polygon text tspan textPath image style linearGradient radialGradient stop pattern clipPath mask marker filter feGaussianBlur feOffset feFlood feComposite feMerge feMergeNode feColorMatrix feComponentTransfer feFuncR feFuncG feFuncB feFuncA feBlend feDropShadow feTile',
);

/** Elements that are not drawn, with all that is in them. */
export const UNDRAWN = list('title desc metadata script view cursor flowRoot');

/** Elements that set in motion. */
export const ANIMATIONS = list('animate animateMotion animateTransform animateColor set');

/** Properties of other programs, and variables: without `var()` they change nothing. */
export function isInert(property: string): boolean {
  return /^-(?:-|inkscape-|qt-|ms-|moz-|o-)/.test(property);
}

/** Of the root element, by attribute or in CSS. */
export const ROOT_PROPERTIES: Readonly<Record<string, Pattern>> = {
  width: whole(`auto|(?!0*(?:\\.0*)?(?:[a-z%]|$))${SIZE}`),
  height: whole(`auto|(?!0*(?:\\.0*)?(?:[a-z%]|$))${SIZE}`),
  'max-width': whole('none'),
  'max-height': whole('none'),
  display: words('inline block inline-block'),
  background: { test: (value) => value === 'none' || COLOURED.test(value) },
  'background-color': { test: (value) => COLOURED.test(value) },
  transform: whole('none'),
};
