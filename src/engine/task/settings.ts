import type { Box, Task } from '../../core/inspection/inspection.ts';
import type { AskedSpeed } from '../../core/models/speed.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { MediaResolution } from '../../core/usage/tokens.ts';

/** The settings that tasks go by, checked. */
export interface TaskSettings {
  model: string;
  mediaResolution: MediaResolution;
  speed: AskedSpeed;
  /** True if Describe and Ask also ask for the places of what they name. */
  pointInAnswers: boolean;
  /** The longest side of an image that is sent, in pixels; 0 for as it is. */
  maxDimension: number;
  /** Bytes of a whole request. */
  inlineLimit: number;
  /** English name of the language of captions and labels; empty for English. */
  outputLanguage: string;
  systemInstruction: string;
  safetySettings: { category: string; threshold: string }[];
  /** What gives the masks of Segment on Vertex AI: the model itself, or an engine that is asked for each object. */
  maskEngine: 'gemini' | 'segmentImage';
  url: {
    /** True if Gemini is given the address of an image in place of the image, where that can be. */
    sendAddress: boolean;
  };
}

/** How the user wants an image to be sent, whatever is asked about it. */
export interface SendOptions {
  /** What is blacked out in the copy that is sent, in fractions of the upright image. */
  redactions: readonly Box[];
  /** The longest side that is sent, in pixels; 0: as it is; unset: as the setting says. */
  maxDimension?: number | undefined;
  /** Unset: as the setting says. */
  speed?: AskedSpeed | undefined;
  /** Unset: as the setting says. */
  pointInAnswers?: boolean | undefined;
}

/** True where the mask engine is to be asked for each object of a result. */
export function usesMaskEngine(task: Task, address: string, rules: Pick<TaskRules, 'settingsFor' | 'tokenBasis'>): boolean {
  return task === 'segment' && rules.tokenBasis().backend === 'vertexAi' && rules.settingsFor(address).maskEngine === 'segmentImage';
}

/** What holds for an image, by its address. */
export interface TaskRules {
  settingsFor(address?: string): TaskSettings;
  sendOptionsFor(address: string): SendOptions;
  /** True if a setting keeps the image from being sent. */
  isExcluded(address: string): Promise<boolean>;
  tokenBasis(): TokenBasis;
}
