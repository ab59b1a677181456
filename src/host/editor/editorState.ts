import * as vscode from 'vscode';
import { TASKS } from '../../core/inspection/inspection.ts';
import { priceAt } from '../../core/models/models.ts';
import { DECISION_MODEL } from '../../core/models/modelTable.ts';
import type { SessionState } from '../../protocol.ts';
import type { KeyStore } from '../base/keyStore.ts';
import { readSettings, usesVertex } from '../base/settings.ts';
import type { Session } from '../session/session.ts';
import type { VscodeTaskRules } from '../session/taskRules.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';
import type { Sample } from './sample.ts';

/** The part of the page's state that no session knows: what comes from settings, key, model table and the user's choices in this workspace. */
type EditorStatePart = Pick<
  SessionState,
  | 'tasks'
  | 'model'
  | 'cost'
  | 'hasKey'
  | 'maskThreshold'
  | 'covered'
  | 'speed'
  | 'pointInAnswers'
  | 'checking'
  | 'sendAt'
  | 'appearance'
  | 'labelLists'
  | 'givenLabels'
  | 'drafts'
  | 'savedPrompts'
  | 'samples'
  | 'translations'
>;

/** What editors show besides their sessions. */
export class EditorState implements vscode.Disposable {
  readonly #rules: VscodeTaskRules;
  readonly #keys: KeyStore;
  readonly #sample: Sample;
  readonly #memory: WorkspaceMemory;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when any of it may have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(rules: VscodeTaskRules, keys: KeyStore, sample: Sample, memory: WorkspaceMemory) {
    this.#rules = rules;
    this.#keys = keys;
    this.#sample = sample;
    this.#memory = memory;
  }

  /** Has all editors show what holds now. */
  readonly refresh = (): void => this.#changed.fire();

  dispose(): void {
    this.#changed.dispose();
  }

  async of(session: Session): Promise<EditorStatePart> {
    const own = readSettings(session.uri);
    const {
      redactions,
      maxDimension = own.maxDimension,
      speed: chosen = own.speed,
      pointInAnswers = own.pointInAnswers,
    } = this.#rules.sendOptions.of(session.uri);
    const speed = usesVertex() ? undefined : chosen;
    const settings = { ...own, maxDimension, pointInAnswers, speed: speed ?? 'standard' };
    const basis = this.#rules.tokenBasis();
    const { costBasis } = await import('./costBasis.ts');
    const cost = costBasis(session, settings, basis);
    const checkPrice = priceAt(DECISION_MODEL, basis.date, basis.prices)?.input;
    const { appearance, labelLists, givenLabels } = this.#memory;
    const drafts = this.#memory.draftsOf(session.uri.toString());
    const tasks = TASKS.filter((task) => task !== 'compare' || session.images.length > 1);
    const { namedPrompts } = await import('../session/promptLibrary.ts');
    return {
      tasks,
      savedPrompts: namedPrompts(tasks),
      model: settings.model,
      hasKey: usesVertex() || (await this.#keys.get()) !== undefined,
      maskThreshold: settings.maskThreshold,
      ...(redactions.length === 0 ? {} : { covered: [...redactions] }),
      ...(speed === undefined ? {} : { speed }),
      pointInAnswers,
      ...(usesVertex() ? {} : { checking: checkPrice === undefined ? {} : { inputPrice: checkPrice } }),
      sendAt: settings.maxDimension,
      ...(cost === undefined ? {} : { cost }),
      ...(vscode.l10n.bundle === undefined ? {} : { translations: vscode.l10n.bundle }),
      ...(await this.#sample.stateFor(session.uri)),
      ...(appearance === undefined ? {} : { appearance }),
      labelLists,
      givenLabels,
      ...(drafts.length === 0 ? {} : { drafts }),
    };
  }
}
