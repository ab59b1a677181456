import { Viewport } from './viewport.ts';

/** From here on one wants to see pixels, not a smoothed picture. */
const PIXELS_FROM = 3;
/** With more objects, the widths of lines and tags are corrected only when the zoom has ended: each correction styles all of them anew. */
const LIVE_LINES_UP_TO = 200;

export interface StageEvents {
  /** How many objects are drawn. */
  drawn(): number;
  moved(scale: number): void;
  /** A movement has ended. */
  settled(): void;
}

/** Zoom and pan of the stage, on which picture and overlay stand under one transform. `--k` is its scale for the style sheet. */
export function stageViewport(surface: HTMLElement, stage: HTMLElement, events: StageEvents): Viewport {
  const viewport: Viewport = new Viewport(surface, {
    moved: ({ x, y, k }, glide) => {
      // A layer of its own is moved without being drawn again; when it stands still it is drawn sharp.
      const classes = `stage moving${glide ? ' glide' : ''}${k >= PIXELS_FROM ? ' pixelated' : ''}`;
      if (stage.className !== classes) stage.className = classes;
      stage.style.transform = `translate(${x}px, ${y}px) scale(${k})`;
      if (events.drawn() <= LIVE_LINES_UP_TO) stage.style.setProperty('--k', String(k));
      events.moved(k);
    },
    settled: () => {
      stage.classList.remove('moving');
      stage.style.setProperty('--k', String(viewport.view.k));
      events.settled();
    },
  });
  return viewport;
}
