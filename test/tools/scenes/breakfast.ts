import { gradient, line, oval, path, rect, repeat, type Scene, thing } from './scene.ts';

const DEFINITIONS = `<defs>
  ${gradient('wood', 'linear', '#b98a5e', '#c99b6d', '#bd8d60')}
  ${gradient('china', 'radial', '#ffffff', '#fbfaf7', '#dcd8d0')}
  ${gradient('coffee', 'radial', '#8a5a34', '#5c3619', '#3c210e')}
  ${gradient('juice', 'radial', '#ffc24a', '#ffa41f', '#ef8508')}
  ${gradient('yolk', 'radial', '#ffe27a', '#ffbf2b', '#f09a0c')}
  ${gradient('crust', 'radial', '#f0b45c', '#d58d34', '#a8611d')}
  ${gradient('berry', 'radial', '#ff7a6b', '#e0303a', '#a9142a')}
  ${gradient('steel', 'linear', '#f2f4f6', '#c6ccd2', '#aab1b8')}
  <filter id="soft" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="9"/></filter>
</defs>`;

const shadow = (svg: string): string => `<g opacity=".34" filter="url(#soft)">${svg}</g>`;

const table =
  repeat(5, (at) => rect(0, at * 128, 960, 126, 'url(#wood)') + rect(0, at * 128 + 125, 960, 3, '#8f653f')) +
  repeat(15, (at) => {
    const y = Math.floor(at / 3) * 128 + 24 + (at % 3) * 38;
    const bend = 8 + ((at * 7) % 11);
    return line(
      `M${-40 + ((at * 173) % 300)} ${y} c160 ${-bend} 330 ${bend} 520 ${-bend / 2} s240 ${bend} 330 0`,
      '#a87a4f',
      2,
      'opacity=".55"',
    );
  });

const napkin =
  shadow(rect(70, 130, 172, 400, '#000', 6, 'transform="rotate(-4 150 330)"')) +
  `<g transform="rotate(-4 150 330)">${rect(66, 122, 170, 400, '#5f86a8', 5)}${repeat(5, (at) => rect(78 + at * 34, 122, 5, 400, '#f3efe4', 0, 'opacity=".75"'))}</g>`;

const fork = thing(
  'fork',
  line('M0 60 V250', 'url(#steel)', 11) +
    line('M0 60 V250', '#c6ccd2', 10) +
    path('M-19 -30 V34 Q-19 62 0 66 Q19 62 19 34 V-30 H13 V24 H6 V-30 H-6 V24 H-13 V-30 Z', '#d3d8dd'),
  'translate(118 230) rotate(-4)',
);
const knife = thing(
  'knife',
  line('M0 90 V250', '#c6ccd2', 12) + path('M-8 92 V-30 Q-6 -52 10 -58 Q14 10 8 92 Z', '#dfe3e7'),
  'translate(190 240) rotate(-4)',
);

const plate = thing(
  'plate',
  oval(440, 330, 196, 196, 'url(#china)') + oval(440, 330, 140, 140, 'none', 'stroke="#d2cec5" stroke-width="3"'),
);

const egg = (x: number, y: number, turn: number): string =>
  thing(
    'fried egg',
    path(
      'M-62 -8 C-66 -48 -22 -66 8 -54 C44 -60 72 -26 58 8 C70 40 30 66 0 54 C-32 68 -70 36 -62 -8 Z',
      '#fffdf8',
      'stroke="#ead9b8" stroke-width="3"',
    ) +
      oval(-2, -2, 25, 25, 'url(#yolk)') +
      oval(-10, -11, 7, 5, '#fff4c4', 'opacity=".9"'),
    `translate(${x} ${y}) rotate(${turn})`,
  );

const bacon = thing(
  'bacon',
  line('M-80 0 q20 -22 40 0 t40 0 t40 0 t40 0', '#a8392f', 30) +
    line('M-80 -4 q20 -22 40 0 t40 0 t40 0 t40 0', '#f1b79c', 7) +
    line('M-80 9 q20 -22 40 0 t40 0 t40 0 t40 0', '#d9705a', 5),
  'translate(446 430) rotate(-8)',
);

const cup =
  shadow(oval(752, 196, 118, 116, '#000')) +
  thing('saucer', oval(744, 184, 116, 116, 'url(#china)') + oval(744, 184, 84, 84, 'none', 'stroke="#d5d1c8" stroke-width="2"')) +
  thing(
    'cup of coffee',
    line('M800 150 q52 -32 60 6 q2 34 -56 24', '#f4f1ea', 15) +
      oval(744, 184, 70, 70, '#fffefb', 'stroke="#b9b3a6" stroke-width="3"') +
      oval(744, 184, 58, 58, 'url(#coffee)') +
      line('M716 190 q14 -30 30 -2 q14 28 30 -4', '#d9ab7c', 6, 'opacity=".8"') +
      oval(744, 198, 20, 10, '#d9ab7c', 'opacity=".55"'),
  );

const croissant =
  shadow(path('M600 520 q80 -130 200 -30 q40 60 -10 80 q-90 -70 -170 10 Z', '#000', 'transform="translate(8 12)"')) +
  thing(
    'croissant',
    path(
      'M-118 34 C-128 -30 -70 -84 0 -86 C72 -86 128 -28 118 36 C112 58 88 56 82 36 C66 2 30 -10 0 -10 C-32 -10 -66 2 -82 36 C-90 58 -112 56 -118 34 Z',
      'url(#crust)',
      'stroke="#8f5217" stroke-width="3"',
    ) +
      line('M-78 -58 Q-52 -36 -62 2 M-34 -80 Q-18 -46 -26 -10 M34 -80 Q18 -46 26 -10 M78 -58 Q52 -36 62 2', '#96571c', 4, 'opacity=".75"') +
      line('M-96 -14 Q-82 -46 -58 -60 M-20 -76 Q0 -80 18 -76', '#f8d394', 6, 'opacity=".8"'),
    'translate(724 520) rotate(8)',
  );

const juice =
  shadow(oval(606, 80, 54, 52, '#000', 'transform="translate(4 8)"')) +
  thing(
    'glass of orange juice',
    oval(600, 74, 52, 52, '#ffffff', 'opacity=".93"') + oval(600, 74, 44, 44, 'url(#juice)') + line('M570 58 Q580 40 600 37', '#fff1cf', 6),
  );

const orangeHalf = thing(
  'orange',
  oval(0, 0, 56, 56, '#f28a12') +
    oval(0, 0, 50, 50, '#ffe9bd') +
    repeat(9, (at) => path('M0 -5 L-14 -38 Q0 -50 14 -38 Z', '#ffa52e', `transform="rotate(${at * 40})"`)) +
    oval(0, 0, 5, 5, '#ffe9bd'),
  'translate(330 84)',
);

const strawberry = (x: number, y: number, turn: number): string =>
  shadow(oval(x + 5, y + 8, 26, 30, '#000')) +
  thing(
    'strawberry',
    path('M0 40 C-30 22 -40 -10 -24 -24 C-8 -32 8 -32 24 -24 C40 -10 30 22 0 40 Z', 'url(#berry)') +
      repeat(9, (at) => oval(-16 + (at % 3) * 16, -10 + Math.floor(at / 3) * 15, 2, 3, '#ffd98a')) +
      path('M0 -20 L-22 -34 L-6 -30 L0 -44 L6 -30 L22 -34 Z', '#4c9a3a'),
    `translate(${x} ${y}) rotate(${turn})`,
  );

export const breakfast: Scene = {
  file: 'breakfast.jpg',
  width: 960,
  height: 640,
  caption:
    'A breakfast table seen from above: a plate with two fried eggs and bacon, a cup of coffee on a saucer, a croissant, half an orange, a glass of orange juice, strawberries, and a fork and a knife on a striped napkin.',
  text: '',
  svg: [
    DEFINITIONS,
    table,
    napkin,
    fork,
    knife,
    shadow(oval(450, 344, 198, 196, '#000')),
    plate,
    bacon,
    egg(388, 290, 0),
    egg(500, 312, 70),
    shadow(oval(336, 94, 56, 54, '#000')),
    orangeHalf,
    juice,
    cup,
    croissant,
    strawberry(884, 402, 14),
    strawberry(850, 352, -34),
    strawberry(906, 332, 40),
  ].join(''),
};
