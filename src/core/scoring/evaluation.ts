/** How well results agree with labels. */
export interface Evaluation {
  version: 1;
  /** That were compared. */
  images: number;
  /** Objects in the labels, without crowds. */
  labels: number;
  /** Objects in the results: of each image at most 100, the surest ones. */
  detections: number;
  /** From which on two boxes are taken for the same object, 0..1. */
  iou: number;
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  precision: number;
  recall: number;
  f1: number;
  /** Average precision, as COCO counts it: at an IoU of 0.5, and the mean over 0.50:0.05:0.95. */
  ap50: number;
  ap: number;
  perLabel: LabelEvaluation[];
  confusion: Confusion[];
}

export interface LabelEvaluation {
  label: string;
  ap50: number;
  ap: number;
  precision: number;
  recall: number;
  /** Objects in the labels. */
  count: number;
}

/** How often objects of a label were found as another. */
export interface Confusion {
  /** In the labels; null: no object of them is there. */
  label: string | null;
  /** In the results; null: missed. */
  as: string | null;
  count: number;
}

/** What comparing says of an object: one that crowds of the labels cover, or one beyond the 100 surest of its image, counts for nothing. */
export type Verdict = 'true' | 'false' | 'missed' | 'ignored';

/** How the objects of one image agree with its labels. */
export interface ImageVerdicts {
  /** By the id of an object of the result; `of`: that of the object in the labels, also where only the label differs. */
  found: Map<string, { verdict: 'true' | 'false' | 'ignored'; of?: string }>;
  /** By the id of an object in the labels. */
  truth: Map<string, { verdict: 'true' | 'missed' | 'ignored'; by?: string }>;
}

/** What is compared of an object. */
export interface ScoredObject {
  id: string;
  label: string;
  /** Of any unit that is the same in both directions: shares of areas do not change with it, but by scaling both alike. */
  box: { x: number; y: number; width: number; height: number };
  confidence?: number;
  crowd?: true;
}

/** The objects of an image, as they were found and as they are. */
export interface ScoredImage {
  key: string;
  truth: readonly ScoredObject[];
  found: readonly ScoredObject[];
}
