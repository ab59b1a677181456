import { csvRows, withoutFormulaGuard } from '../base/csv.ts';
import type { Rectangle } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';
import { sizeOf } from './coco.ts';
import type { LabelImage, LabelProblems } from './labels.ts';

/** Names of columns in small letters, the best first. */
const COLUMNS = {
  image: ['image', 'filename', 'file_name', 'image_path', 'path', 'image_id'],
  label: ['label', 'class', 'class_name', 'labelname', 'category', 'name'],
  confidence: ['confidence', 'score'],
  imageWidth: ['image_width', 'img_width'],
  imageHeight: ['image_height', 'img_height'],
  left: ['xmin', 'x_min', 'left', 'x1'],
  top: ['ymin', 'y_min', 'top', 'y1'],
  right: ['xmax', 'x_max', 'right', 'x2'],
  bottom: ['ymax', 'y_max', 'bottom', 'y2'],
  x: ['x'],
  y: ['y'],
  width: ['width', 'w'],
  height: ['height', 'h'],
} as const;

type Cells = Record<keyof typeof COLUMNS, string>;

/**
 * CSV with a row for each object: ours, or any with columns for image and label, and for the edges of a box or its corner and size, in pixels. Where there are edges,
 * `width` and `height` are those of the image. Undefined for a table without these.
 */
export function readCsvLabels(text: string, problems: LabelProblems): LabelImage[] | undefined {
  const rows = csvRows(text);
  const head = rows.next().value;
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const places = new Map(Object.entries(COLUMNS).map(([column, known]) => [column, placeOfAny(names, known)]));
  const has = (...columns: (keyof Cells)[]) => columns.every((column) => (places.get(column) ?? -1) >= 0);
  const hasEdges = has('left', 'top', 'right', 'bottom');
  if (!has('image', 'label') || !(hasEdges || has('x', 'y', 'width', 'height'))) return undefined;
  const images = new Map<string, LabelImage>();
  for (const { cells, line } of rows) {
    if (cells.length === 1 && cells[0] === '') continue;
    const row = Object.fromEntries([...places].map(([column, place]) => [column, cells[place]?.trim() ?? ''])) as Cells;
    const name = withoutFormulaGuard(row.image);
    const size = hasEdges && !has('imageWidth') ? sizeOf(row.width, row.height) : sizeOf(row.imageWidth, row.imageHeight);
    const image: LabelImage = images.get(name) ?? { name, ...size, unit: 'pixels', objects: [] };
    images.set(name, image);
    // A row without an object names an image without objects.
    if (row.label === '' && (hasEdges ? row.left : row.x) === '') continue;
    const box = hasEdges ? byEdges(row) : bySize(row);
    if (box === undefined) problems.add(t('line {0}', line), t('There is no box.'), cells.join(','));
    else image.objects.push({ label: withoutFormulaGuard(cells[places.get('label') ?? -1] ?? ''), box, ...confidenceOf(row.confidence) });
  }
  return [...images.values()];
}

function placeOfAny(names: readonly string[], known: readonly string[]): number {
  for (const name of known) if (names.includes(name)) return names.indexOf(name);
  return -1;
}

function byEdges({ left, top, right, bottom }: Cells): Rectangle | undefined {
  const [x, y, end, low] = [left, top, right, bottom].map(figure) as [number, number, number, number];
  return end > x && low > y ? { x, y, width: end - x, height: low - y } : undefined;
}

/** Without size it is a point. */
function bySize(row: Cells): Rectangle | undefined {
  const [x, y, width, height] = [row.x, row.y, row.width, row.height].map(figure) as [number, number, number, number];
  const isPlace = Number.isFinite(x + y) && ((width > 0 && height > 0) || (width === 0 && height === 0));
  return isPlace ? { x, y, width, height } : undefined;
}

function confidenceOf(cell: string): { confidence?: number } {
  const confidence = figure(cell);
  return Number.isFinite(confidence) ? { confidence } : {};
}

function figure(cell: string): number {
  return cell === '' ? Number.NaN : Number(cell);
}
