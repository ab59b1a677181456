import { connect } from '../../src/engine/sending/connect.ts';
import { Sender } from '../../src/engine/sending/sender.ts';
import type { SenderOptions } from '../../src/engine/sending/senderOptions.ts';
import { UploadCache } from '../../src/engine/sending/uploadCache.ts';
import { Uploads } from '../../src/engine/sending/uploads.ts';
import type { TaskRules, TaskSettings } from '../../src/engine/task/settings.ts';

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

/** What sends everything to the Gemini API at an address, asking nobody, but for what a test changes. Uploads are remembered as long as it lives. */
export function plainSender(
  url: string,
  { inlineLimit = 20e6, ...changes }: Partial<SenderOptions> & { inlineLimit?: number } = {},
): Sender {
  const values = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  return new Sender({
    permits: [],
    destination: () => url,
    key: async () => 'test-key',
    connect,
    uploads: async () => new Uploads(new UploadCache(memory), () => inlineLimit),
    timeout: () => 60_000,
    begin: async () => undefined,
    recordUsage: async () => undefined,
    log: () => undefined,
    ...changes,
  });
}
