import { fileURLToPath } from 'node:url';
import type { ImageFiles } from '../../src/engine/files/imageFiles.ts';
import { openLocalFile } from '../../src/engine/files/localFiles.ts';
import type { TaskRules, TaskSettings } from '../../src/engine/task/settings.ts';

/** Images as a program without an editor sees them: files of this computer by their `file:` addresses. */
export const LOCAL_FILES: ImageFiles = {
  open: (address) => openLocalFile(fileURLToPath(address)),
  fileOf: (address) => address,
  originOf: async () => undefined,
  isPublic: async () => false,
};

/** Rules by which everything is sent as it is, but for what a test changes. */
export function taskRules(settings: Partial<TaskSettings> = {}, changes: Partial<TaskRules> = {}): TaskRules {
  return {
    settingsFor: () => ({
      model: 'gemini-3.8-flash',
      mediaResolution: 'default',
      speed: 'standard',
      pointInAnswers: false,
      maxDimension: 0,
      inlineLimit: 20e6,
      outputLanguage: '',
      systemInstruction: '',
      safetySettings: [],
      maskEngine: 'gemini',
      url: { sendAddress: false },
      ...settings,
    }),
    sendOptionsFor: () => ({ redactions: [] }),
    isExcluded: async () => false,
    tokenBasis: () => ({ calibration: {}, prices: {}, date: new Date() }),
    ...changes,
  };
}
