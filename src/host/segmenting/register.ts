import { usesMaskEngine } from '../../engine/task/settings.ts';
import type { Tasks } from '../session/tasks.ts';

/** The mask engine of Vertex AI: asked after each Segment for which the settings want it, and loaded then. */
export function registerSegmenting({ tasks }: { tasks: Tasks }): void {
  tasks.refine = async (run, images, job, told) => {
    const [image] = images;
    if (image === undefined || !usesMaskEngine(run.task, image.address, tasks.rules)) return run;
    const { segmentObjects } = await import('../../engine/segmenting/segmentObjects.ts');
    const { preparer } = await tasks.planner();
    return segmentObjects({ preparer, worker: tasks.worker, sender: tasks.sender })(run, images, job, told);
  };
}
