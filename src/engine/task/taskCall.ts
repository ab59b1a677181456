import { type PartOfImage, partsSent } from '../../core/inspection/imageParts.ts';
import type { Inspection, SentBody, Task } from '../../core/inspection/inspection.ts';
import type { CommandOptions } from '../../core/request/commandArguments.ts';
import type { AltTextPlace } from '../../core/request/prompts.ts';

/** A task on one image, or one request about several. */
export interface TaskCall {
  task: Task;
  /** Addresses of its images, in the order sent. */
  images: readonly [string, ...string[]];
  query: string;
  options: Pick<
    CommandOptions,
    'model' | 'mediaResolution' | 'speed' | 'pointInAnswers' | 'via' | 'region' | 'redactions' | 'maxDimension' | 'labels' | 'follow'
  > & {
    /** Of `caption`: alternative text is wanted, for this place of a document. */
    altText?: AltTextPlace;
    /** Of `compare`: the parts of two versions, the older first, that are sent in place of the whole pictures; what changed in them is asked for. */
    parts?: readonly PartOfImage[];
  };
}

/** What a program does. */
export type TaskInput = Pick<TaskCall, 'task' | 'query' | 'options'>;

/** What a run asked for. Its resolution, speed and language are those of the settings, as is its size where it was not made smaller. */
export function callOfRun({ task, prompt, model, follows, detections, images }: Inspection): TaskInput {
  const [image] = images;
  const parts = partsSent({ images });
  const pointed = (task === 'caption' || task === 'ask') && detections !== undefined;
  const { region, redactions }: Partial<SentBody> = image?.sent ?? {};
  const whole = image === undefined ? 0 : Math.max(image.width * (region?.width ?? 1), image.height * (region?.height ?? 1));
  const sent = image === undefined ? 0 : Math.max(image.sent?.width ?? whole, image.sent?.height ?? whole);
  const options = {
    model,
    maxDimension: sent < Math.floor(whole) ? sent : 0,
    ...(parts !== undefined ? { parts } : region === undefined ? {} : { region }),
    ...(redactions === undefined ? {} : { redactions }),
    ...(follows === undefined ? {} : { follow: follows }),
    ...(pointed ? { pointInAnswers: true } : {}),
  };
  return { task, query: prompt, options };
}
