import { gradient, line, oval, path, rect, repeat, type Scene, thing } from './scene.ts';

const GROUND = 520;

const DEFINITIONS = `<defs>
  ${gradient('sky', 'linear', '#7db9e8', '#b9dcf3', '#fdf0d8')}
  ${gradient('leaves', 'radial', '#9ccb5d', '#6aa545', '#3f7a35')}
  ${gradient('glass', 'linear', '#d9eefb', '#9cc4de')}
  ${gradient('asphalt', 'linear', '#6d7178', '#54585f')}
</defs>`;

const cloud = (x: number, y: number, size: number): string =>
  `<g transform="translate(${x} ${y}) scale(${size})" fill="#fff" opacity=".92"><ellipse rx="52" ry="20"/><circle cx="-22" cy="-12" r="20"/><circle cx="12" cy="-20" r="27"/></g>`;

const windowPane = (x: number, y: number): string =>
  rect(x - 4, y - 4, 46, 62, '#fffaf0', 3) +
  rect(x, y, 38, 54, 'url(#glass)') +
  rect(x + 17, y, 4, 54, '#fffaf0') +
  rect(x, y + 25, 38, 4, '#fffaf0');

const door = (x: number, colour: string): string =>
  thing(
    'door',
    rect(x, GROUND - 98, 54, 98, colour, 4) + rect(x + 9, GROUND - 88, 36, 34, '#ffffff33', 3) + oval(x + 44, GROUND - 44, 4, 4, '#f4d35e'),
  );

function house(x: number, width: number, height: number, wall: string, roof: string, doorColour: string, roofHeight: number): string {
  const top = GROUND - height;
  const columns = Math.floor((width - 40) / 70);
  const gap = (width - columns * 38) / (columns + 1);
  const doorColumn = columns - 1;
  const windows = repeat(columns * Math.floor((height - 40) / 120), (at) => {
    const column = at % columns;
    const row = Math.floor(at / columns);
    const isDoor = column === doorColumn && top + 40 + row * 110 > GROUND - 150;
    return isDoor ? '' : windowPane(x + gap + column * (38 + gap), top + 36 + row * 110);
  });
  return (
    thing(
      'house',
      path(`M${x - 16} ${top} L${x + 22} ${top - roofHeight} H${x + width - 22} L${x + width + 16} ${top} Z`, roof) +
        rect(x + width - 74, top - roofHeight - 20, 26, 44, '#8d5a4a') +
        rect(x, top, width, height, wall) +
        rect(x, top, width, 8, '#00000022') +
        windows,
    ) + door(x + gap + doorColumn * (38 + gap) - 8, doorColour)
  );
}

const tree = (x: number, size: number): string =>
  oval(x, GROUND + 16, 70 * size, 9, '#00000030') +
  thing(
    'tree',
    path('M-11 0 L-7 -110 H7 L11 0 Z', '#7a5235') +
      line('M0 -70 L-30 -110 M0 -60 L32 -104', '#7a5235', 8) +
      `<g fill="url(#leaves)"><circle cx="-42" cy="-132" r="48"/><circle cx="44" cy="-128" r="46"/><circle cx="0" cy="-176" r="60"/><circle cx="2" cy="-118" r="44"/></g>` +
      `<g fill="#b5db79" opacity=".5"><circle cx="-22" cy="-192" r="17"/><circle cx="-54" cy="-146" r="12"/></g>`,
    `translate(${x} ${GROUND + 14}) scale(${size})`,
  );

const wheel = (x: number): string => oval(x, 0, 27, 27, '#26282c') + oval(x, 0, 15, 15, '#c9cdd2') + oval(x, 0, 5, 5, '#777c82');

const car = (x: number, y: number, colour: string, flip: 1 | -1): string =>
  oval(x, y + 27, 150, 9, '#00000045') +
  thing(
    'car',
    path('M-140 0 Q-146 -42 -112 -50 L-78 -56 Q-52 -100 -8 -102 H30 Q66 -100 90 -58 L128 -48 Q148 -42 144 0 Z', colour) +
      path('M-62 -58 Q-44 -90 -10 -92 V-58 Z M0 -92 H28 Q56 -90 74 -58 H0 Z', 'url(#glass)') +
      line('M-6 -54 V-8 M-60 -8 H80', '#00000033', 3) +
      rect(8, -46, 20, 5, '#00000040', 2) +
      oval(136, -34, 8, 9, '#fff3b8') +
      oval(-136, -34, 6, 9, '#d7263d') +
      rect(-146, -14, 296, 10, '#00000026', 5) +
      wheel(-84) +
      wheel(88),
    `translate(${x} ${y}) scale(${flip} 1)`,
  );

const lamp = (x: number): string =>
  thing(
    'street lamp',
    line(`M${x} ${GROUND + 24} V236 q0 -30 34 -30`, '#3b4148', 8) +
      path(`M${x + 24} 204 h40 l10 20 h-60 Z`, '#3b4148') +
      oval(x + 44, 228, 20, 9, '#ffeaa0') +
      rect(x - 9, GROUND + 2, 18, 26, '#3b4148', 3),
  );

const spokes = (x: number): string =>
  `<circle cx="${x}" r="31" fill="none" stroke="#2a2c30" stroke-width="5"/>` +
  repeat(4, (at) => `<path d="M${x} -29 V29" stroke="#9aa0a6" stroke-width="1.5" transform="rotate(${at * 45} ${x} 0)"/>`);

const bicycle = thing(
  'bicycle',
  spokes(-48) +
    spokes(52) +
    line('M-48 0 L-18 -48 H34 L4 0 H-48 M-18 -48 L4 0 M34 -48 L52 0 M34 -48 L30 -66 h14', '#c8372d', 5) +
    line('M-28 -56 h20', '#2a2c30', 8),
  `translate(905 ${GROUND + 6})`,
);

export const street: Scene = {
  file: 'street.png',
  width: 1200,
  height: 720,
  caption:
    'A quiet street on a sunny day: three coloured houses in a row, two trees, a street lamp and a red bicycle on the pavement, and a yellow and a blue car on the road.',
  text: '',
  svg: [
    DEFINITIONS,
    rect(0, 0, 1200, 720, 'url(#sky)'),
    oval(1040, 110, 46, 46, '#fff2b0'),
    oval(1040, 110, 74, 74, '#fff2b0', 'opacity=".35"'),
    cloud(190, 112, 1.1),
    cloud(620, 78, 0.8),
    cloud(850, 160, 1),
    path(`M0 430 Q160 350 330 400 T700 380 T1200 410 V${GROUND} H0 Z`, '#a9c98f'),
    house(150, 220, 250, '#f3c46b', '#a5483b', '#35627a', 76),
    house(410, 190, 330, '#d98272', '#5b6470', '#6b3f2b', 58),
    house(640, 240, 240, '#8db7c9', '#7a4b3a', '#b9472f', 84),
    rect(0, GROUND, 1200, 44, '#cfc8bb'),
    repeat(15, (at) => rect(at * 80, GROUND, 2, 44, '#b5ad9e')),
    rect(0, GROUND + 44, 1200, 8, '#a59d90'),
    rect(0, GROUND + 52, 1200, 150, 'url(#asphalt)'),
    repeat(8, (at) => rect(40 + at * 160, 634, 84, 7, '#f1efe6', 2)),
    tree(82, 1.1),
    tree(1060, 1.35),
    lamp(612),
    bicycle,
    car(330, 594, '#f2c230', 1),
    car(800, 672, '#2f6db5', -1),
  ].join(''),
};
