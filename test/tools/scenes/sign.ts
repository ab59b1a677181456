import { gradient, oval, path, rect, repeat, type Scene, thing } from './scene.ts';

const FONT = 'font-family="DejaVu Sans, Verdana, Arial, sans-serif"';

const words = (x: number, y: number, size: number, colour: string, text: string, more = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}" ${FONT} ${more}>${text}</text>`;

/** An arm of the signpost, pointing left or right. */
function arm(y: number, direction: 'left' | 'right', colour: string, place: string, distance: string): string {
  const d = direction === 'right' ? 'M150 0 H520 L566 38 L520 76 H150 Z' : 'M566 0 H196 L150 38 L196 76 H566 Z';
  const at = direction === 'right' ? 172 : 214;
  return thing(
    'direction sign',
    path(d, colour, 'stroke="#00000030" stroke-width="3"') +
      path(d, 'none', 'stroke="#ffffffcc" stroke-width="3" transform="translate(17.9 2.85) scale(.95 .925)"') +
      words(at, 50, 31, '#fff', place, 'font-weight="bold"') +
      words(direction === 'right' ? 508 : 546, 50, 23, '#fff', distance, 'text-anchor="end"'),
    `translate(0 ${y})`,
  );
}

const notice = thing(
  'notice board',
  rect(606, 250, 226, 196, '#6d4a30', 8) +
    rect(618, 262, 202, 172, '#fbf6e9', 3) +
    words(719, 304, 25, '#a4341f', 'OPEN TODAY', 'text-anchor="middle" font-weight="bold"') +
    rect(640, 318, 158, 3, '#d8c9ab') +
    words(719, 352, 22, '#3d3a35', 'Tue to Sun', 'text-anchor="middle"') +
    words(719, 384, 26, '#3d3a35', '9:30 – 17:00', 'text-anchor="middle" font-weight="bold"') +
    words(719, 416, 17, '#6e675c', 'Dogs on a lead', 'text-anchor="middle"') +
    rect(626, 446, 14, 106, '#6d4a30') +
    rect(798, 446, 14, 106, '#6d4a30'),
);

export const sign: Scene = {
  file: 'sign.png',
  width: 900,
  height: 600,
  caption:
    'A signpost in a park with three arms (Old Castle 1.2 km, Lake & Boats 350 m, Café Linden 80 m), and beside it a notice board with opening hours.',
  text: 'Old Castle 1.2 km\nLake & Boats 350 m\nCafé Linden 80 m\nOPEN TODAY\nTue to Sun\n9:30 – 17:00\nDogs on a lead',
  svg: [
    `<defs>${gradient('day', 'linear', '#a9d3f0', '#e3f1f7')}${gradient('lawn', 'linear', '#94c468', '#6da34b')}${gradient('post', 'linear', '#8a6240', '#6b4728')}</defs>`,
    rect(0, 0, 900, 600, 'url(#day)'),
    path('M0 420 Q180 330 380 400 T900 370 V600 H0 Z', '#bcd9a0'),
    path('M0 500 Q260 450 520 490 T900 480 V600 H0 Z', 'url(#lawn)'),
    repeat(26, (at) => path(`M${(at * 137) % 900} ${560 + ((at * 29) % 34)} q3 -14 8 -18 q-2 8 -2 18 Z`, '#5d9140')),
    oval(366, 560, 70, 10, '#00000028'),
    oval(719, 556, 130, 9, '#00000022'),
    thing('post', rect(346, 66, 32, 494, 'url(#post)', 4) + path('M340 68 L362 38 L384 68 Z', '#5c3d23')),
    arm(100, 'right', '#2f6b46', 'Old Castle', '1.2 km'),
    arm(196, 'left', '#2d5f8f', 'Lake &amp; Boats', '350 m'),
    arm(292, 'right', '#9a5427', 'Café Linden', '80 m'),
    notice,
  ].join(''),
};
