import * as vscode from 'vscode';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { ConsentPolicy } from '../../engine/sending/permits.ts';
import { readSettings } from '../base/settings.ts';
import type { Session } from './session.ts';

/** The inspectors, in which can be asked. */
interface Inspectors {
  /** The session of an image that is open in one. */
  sessionOf(uri: vscode.Uri): Session | undefined;
  open(uri: vscode.Uri): Promise<Session | undefined>;
}

/** Consent by the review of the inspector whose task it is, else by VS Code's own dialog; remembered per address in the user's state. In a workspace that is not trusted it is asked every time. */
export function dialogConsent(memory: vscode.Memento, basis: () => TokenBasis, inspectors: () => Inspectors): ConsentPolicy {
  const keyOf = (destination: string) => `consent:${destination}`;
  return {
    when: () => (vscode.workspace.isTrusted ? readSettings().confirmBeforeSending : 'always'),
    remembered: (destination) => memory.get(keyOf(destination)) === true,
    remember: async (destination) => memory.update(keyOf(destination), true),
    ask: async (outgoing, canRemember) => {
      const [image] = outgoing.images;
      const uri = image && vscode.Uri.parse(image.uri);
      const session = uri && inspectors().sessionOf(uri);
      if (session?.owns(outgoing.job) && outgoing.job.times === 1 && outgoing.series === undefined)
        return session.ask(outgoing, canRemember);
      const answer = await (await import('./consentQuestion.ts')).askConsent(outgoing, basis());
      if (answer !== 'details') return answer;
      return (uri && (await inspectors().open(uri))?.ask(outgoing, canRemember)) ?? false;
    },
  };
}
