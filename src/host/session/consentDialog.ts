import * as vscode from 'vscode';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { Sending } from '../../engine/sending/outgoing.ts';
import type { ConsentWorld } from '../../engine/sending/permits.ts';
import { readSettings } from '../base/settings.ts';
import type { Session } from './session.ts';

/** What can be asked and shown in inspectors. */
export interface ConsentPages {
  /** The inspector whose task it is; undefined if there is none. */
  ownerOf: (sending: Sending) => Session | undefined;
  /** Opens an inspector for the first image. */
  open: (sending: Sending) => Promise<Session | undefined>;
}

/** Consent by the sheet of the inspector whose task it is, else by VS Code's own dialog; remembered per address in the user's state. In a workspace that is not trusted it is asked every time. */
export function dialogConsent(memory: vscode.Memento, basis: () => TokenBasis, pages: ConsentPages): ConsentWorld {
  const keyOf = (destination: string) => `consent:${destination}`;
  return {
    when: () => (vscode.workspace.isTrusted ? readSettings().confirmBeforeSending : 'always'),
    remembered: (destination) => memory.get(keyOf(destination)) === true,
    remember: async (destination) => memory.update(keyOf(destination), true),
    ask: async (sending, canRemember) => {
      const owner = pages.ownerOf(sending);
      if (owner !== undefined) return owner.ask(sending, canRemember);
      const answer = await (await import('./consentQuestion.ts')).askConsent(sending, basis());
      if (answer !== 'details') return answer;
      return (await pages.open(sending))?.ask(sending, canRemember) ?? false;
    },
  };
}
