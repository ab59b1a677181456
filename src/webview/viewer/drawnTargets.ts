import { boxInPixels, type Target } from '../result/objectsAt.ts';
import { type Drawing, drawnAsMask } from './overlay.ts';

/** What can be hit: the objects of a drawing in image pixels. Whether a mask is hit, its element under `root` knows. */
export function drawnTargets(drawing: Drawing, root: ParentNode): Target[] {
  return drawing.objects.map(({ detection }) => ({
    id: detection.id,
    box: boxInPixels(detection, drawing.size),
    ...(drawnAsMask(drawing, detection.id) && {
      covers: (x: number, y: number) => maskElement(root, detection.id)?.isPointInFill(new DOMPoint(x, y)) ?? false,
    }),
  }));
}

function maskElement(root: ParentNode, id: string): SVGGeometryElement | null {
  return root.querySelector<SVGGeometryElement>(`[data-testid="mask"][data-detection-id="${CSS.escape(id)}"]`);
}
