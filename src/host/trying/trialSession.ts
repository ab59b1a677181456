import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { type Trial, type TrialMeasure, type TrialOutcome, trialFigures, trialsOf } from '../../core/scoring/trials.ts';
import { Job } from '../../engine/sending/job.ts';
import { forecastTrials, type TrialsForecast, type TriedImage } from '../../engine/trying/forecastTrials.ts';
import { runTrials } from '../../engine/trying/runTrials.ts';
import type { TriedTask, TryChoice, TryRow, TryView } from '../../tryProtocol.ts';
import { readSettings } from '../base/settings.ts';
import type { Tasks } from '../session/tasks.ts';

/** An image on which models are tried. */
export interface TrialImage extends TriedImage {
  uri: vscode.Uri;
  /** As its label file has them, where there is one. */
  labels: Inspection | undefined;
}

export function isTriedTask(task: unknown): task is TriedTask {
  return task === 'detect' || task === 'segment';
}

/** Trials on a few images: what they would cost, their run, and what came of it. */
export class TrialSession {
  readonly images: readonly TrialImage[];
  readonly #tasks: Pick<Tasks, 'run' | 'rules'>;
  #trials: readonly Trial[] = [];
  #task: TriedTask = 'detect';
  /** Of each trial, by image. */
  #outcomes: TrialOutcome[][] = [];
  #job: Job | undefined;

  constructor(images: readonly TrialImage[], tasks: Pick<Tasks, 'run' | 'rules'>) {
    this.images = images;
    this.#tasks = tasks;
  }

  /** Of the last run. */
  get task(): TriedTask {
    return this.#task;
  }

  forecast({ task, ...choice }: TryChoice): TrialsForecast {
    return forecastTrials(task, trialsOf(choice), this.images, this.#tasks.rules);
  }

  /** Makes all requests. Rejects where nothing more can be asked; what has come by then is kept. */
  async run(choice: TryChoice, onChange: () => void, job?: Job): Promise<void> {
    if (this.#job !== undefined) return;
    const trials = trialsOf(choice);
    const { requests, imageTokens, costUsd, unpriced } = this.forecast(choice);
    const own = job ?? new Job(requests);
    own.imageTokens = Promise.resolve(imageTokens);
    own.several = { images: this.images.length, models: choice.models, costUsd, unpriced };
    this.#job = own;
    this.#trials = trials;
    this.#task = choice.task;
    this.#outcomes = trials.map(() => []);
    const addresses = this.images.map(({ address }) => address);
    try {
      await runTrials(choice.task, trials, addresses, {
        run: (call, one) => this.#tasks.run(call, one),
        job: own,
        concurrency: readSettings(this.images[0]?.uri).maxConcurrency,
        onOutcome: (trial, image, outcome) => {
          (this.#outcomes[trial] as TrialOutcome[])[image] = outcome;
          onChange();
        },
      });
    } finally {
      this.#job = undefined;
    }
  }

  cancel(): void {
    this.#job?.cancel();
  }

  /** How far it is, and what has come by now. */
  progress(): Pick<TryView, 'run' | 'results'> {
    if (this.#trials.length === 0) return {};
    const of = this.#trials.length * this.images.length;
    const done = this.#outcomes.flat().filter((outcome) => outcome !== undefined).length;
    return { run: { done, of, isRunning: this.#job !== undefined }, results: this.results() };
  }

  /** All trials with what they came to. */
  results(): { measure: TrialMeasure; rows: TryRow[] } {
    const outcomes = this.#outcomes.map((ofTrial) => this.images.map((_, image) => ofTrial[image]));
    const labels = this.images.map((image) => image.labels);
    const { model, mediaResolution, maskThreshold } = readSettings(this.images[0]?.uri);
    const { measure, figures } = trialFigures(outcomes, labels, maskThreshold);
    const rows = this.#trials.flatMap((trial, place) => {
      const own = figures[place];
      return own === undefined ? [] : [{ ...trial, ...own, isUsed: trial.model === model && trial.mediaResolution === mediaResolution }];
    });
    return { measure, rows };
  }
}
