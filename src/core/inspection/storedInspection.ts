import { hasShape, isEither, isFigure, isFlag, isListOf, isOneOf, isRecord, isText, orNone } from '../base/shape.ts';
import { type Inspection, isTask } from './inspection.ts';

const isBox = hasShape({ x: isFigure, y: isFigure, width: isFigure, height: isFigure });

const isPlace = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isFigure);

const isMask = isEither(
  hasShape({ kind: isOneOf(['bitmap']), width: isFigure, height: isFigure, png: isText }),
  hasShape({ kind: isOneOf(['polygon']), points: isListOf(isPlace) }),
);

/** Whether a stored object is one. */
export const isDetection = hasShape({
  id: isText,
  label: isText,
  imageIndex: isFigure,
  box: isBox,
  pixelBox: isBox,
  mask: orNone(isMask),
  maskProblem: orNone(isText),
  confidence: orNone(isFigure),
  accepted: orNone(isFlag),
  crowd: orNone(isFlag),
  point: orNone(hasShape({ x: isFigure, y: isFigure })),
});

const isSent = hasShape({
  mimeType: isText,
  width: isFigure,
  height: isFigure,
  bytes: isFigure,
  via: isText,
  region: orNone(isBox),
  redactions: orNone(isListOf(isBox)),
});

const isImage = hasShape({
  uri: isText,
  sha256: isText,
  mimeType: isText,
  width: isFigure,
  height: isFigure,
  sent: orNone(isSent),
  parts: orNone(isListOf(isSent)),
});

const isInspection = hasShape({
  id: isText,
  task: isText,
  createdAt: isText,
  prompt: isText,
  model: isText,
  modelVersion: orNone(isText),
  source: orNone(isText),
  images: isListOf(isImage),
  seconds: orNone(isFigure),
  mediaResolution: orNone(isText),
  speed: orNone(isText),
  askedSpeed: orNone(isText),
  request: orNone(
    hasShape({
      destination: isText,
      texts: isListOf(hasShape({ from: isText, text: isText })),
      cut: orNone(isFlag),
      thinking: orNone(isEither(hasShape({ level: isText, isDefault: orNone(isFlag) }), hasShape({ budget: isFigure }))),
    }),
  ),
  follows: orNone(isText),
  basedOn: orNone(isListOf(isText)),
  maskEngine: orNone(hasShape({ model: isText, calls: isFigure, without: isListOf(hasShape({ id: isText, reason: isText })) })),
  text: orNone(isText),
  labels: orNone(isListOf(hasShape({ label: isText, confidence: orNone(isFigure) }))),
  detections: orNone(isListOf(isDetection)),
  dropped: isListOf(hasShape({ index: isFigure, reason: isText, raw: isText })),
  tokens: hasShape({}),
  finishReason: orNone(isText),
  finishMessage: orNone(isText),
  brokenOff: orNone(isText),
  complete: isFlag,
  raw: isText,
});

/** A stored inspection; `foreign` for one that only a later version knows how to read, `broken` for what is none. */
export function readInspection(json: string): Inspection | 'foreign' | 'broken' {
  const value = parse(json);
  if (!isRecord(value)) return 'broken';
  const { version, task } = value;
  if (version !== 1) return typeof version === 'number' ? 'foreign' : 'broken';
  if (!isInspection(value) || (value as unknown as Inspection).images.length === 0) return 'broken';
  return isTask(task) ? (value as unknown as Inspection) : 'foreign';
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
