import { gradient, oval, path, rect, type Scene, thing } from './scene.ts';

const star = Array.from({ length: 10 }, (_, at) => {
  const angle = (at * Math.PI) / 5;
  const radius = at % 2 === 0 ? 92 : 40;
  return `${(Math.sin(angle) * radius).toFixed(1)} ${(-Math.cos(angle) * radius).toFixed(1)}`;
}).join(' L');

const hexagon = Array.from({ length: 6 }, (_, at) => {
  const angle = (at * Math.PI) / 3;
  return `${(Math.cos(angle) * 88).toFixed(1)} ${(Math.sin(angle) * 88).toFixed(1)}`;
}).join(' L');

/** Six shapes on a transparent ground; the square lies half over the circle's neighbour and lets it shine through. */
export const shapes: Scene = {
  file: 'shapes.png',
  width: 720,
  height: 480,
  caption:
    'Six shapes on a transparent ground: a red circle, a yellow star, a blue square, a green triangle, a purple hexagon and an orange ring.',
  text: '',
  svg: [
    `<defs>${gradient('red', 'radial', '#ff9a8b', '#e5383b', '#a4161a')}${gradient('gold', 'linear', '#ffe169', '#f4a300')}${gradient('blue', 'linear', '#74b3f2', '#2a6fb8')}${gradient('green', 'linear', '#a7d676', '#3c8d40')}${gradient('purple', 'linear', '#c8a8f0', '#7141b0')}</defs>`,
    thing('red circle', oval(130, 130, 92, 92, 'url(#red)')),
    thing(
      'yellow star',
      path(`M${star} Z`, 'url(#gold)', 'stroke="#c98300" stroke-width="4" stroke-linejoin="round"'),
      'translate(360 134)',
    ),
    thing('blue square', rect(506, 44, 168, 168, 'url(#blue)', 18, 'opacity=".7" transform="rotate(9 590 128)"')),
    thing('green triangle', path('M130 262 L228 434 H32 Z', 'url(#green)', 'stroke="#2c6b30" stroke-width="4" stroke-linejoin="round"')),
    thing('purple hexagon', path(`M${hexagon} Z`, 'url(#purple)'), 'translate(360 350)'),
    thing('orange ring', oval(590, 350, 70, 70, 'none', 'stroke="#f3722c" stroke-width="34"')),
  ].join(''),
};
