import type * as vscode from 'vscode';
import { consentPermit, excludePermit, sizePermit } from '../../engine/sending/permits.ts';
import { Sender } from '../../engine/sending/sender.ts';
import { destination } from '../base/destination.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { readSettings, usesVertex } from '../base/settings.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import { dialogConsent } from '../session/consentDialog.ts';
import type { VscodeTaskRules } from '../session/taskRules.ts';
import type { UsageTracker } from '../status/usageTracker.ts';

/** What sending takes. */
interface SenderServices {
  context: vscode.ExtensionContext;
  keys: KeyStore;
  rules: VscodeTaskRules;
  usage: UsageTracker;
  log: vscode.LogOutputChannel;
  editors: () => InspectorEditors;
}

/** Makes what everything is sent by, and all that has to permit it, with the first call. */
export function createSender({ context, keys, rules, usage, log, editors }: SenderServices): Sender {
  const consent = dialogConsent(context.globalState, rules.tokenBasis, editors);
  return new Sender({
    permits: [
      excludePermit((address) => rules.isExcluded(address)),
      sizePermit(() => readSettings().inlineLimit),
      usage.permit,
      consentPermit(consent),
    ],
    destination,
    key: async () => (usesVertex() ? '' : keys.get()),
    connect: async (apiKey, address, silence) => (await import('../../engine/sending/connect.ts')).connect(apiKey, address, silence),
    uploads: async () => {
      const [{ Uploads }, { UploadCache }] = await Promise.all([
        import('../../engine/sending/uploads.ts'),
        import('../../engine/sending/uploadCache.ts'),
      ]);
      return new Uploads(new UploadCache(context.globalState), () => readSettings().inlineLimit);
    },
    timeout: () => readSettings().requestTimeout,
    standardInstead: async (outgoing, failure) =>
      (await import('../status/standardInstead.ts')).askStandardInstead(outgoing, failure, rules.tokenBasis()),
    begin: (outgoing) => usage.begin(outgoing),
    recordUsage: (request, outcome) => usage.recordUsage(request, outcome),
    log: (line) => log.info(line),
  });
}
