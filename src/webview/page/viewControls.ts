import type { PageContext } from '../state/pageContext.ts';
import type { Viewport } from '../viewer/viewport.ts';

/** The view controls of whatever viewport there is when they are used. */
export function viewControls(viewport: () => Viewport | undefined): PageContext['view'] {
  return {
    zoomIn: () => viewport()?.zoomIn(),
    zoomOut: () => viewport()?.zoomOut(),
    fit: () => viewport()?.fit(),
    actualSize: () => viewport()?.toggleActualSize(),
    zoomToScale: (k) => viewport()?.zoomTo(k),
  };
}
