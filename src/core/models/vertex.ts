import { InspectorError } from '../base/failure.ts';
import { t } from '../base/l10n.ts';

/** The two APIs that are asked. */
export type Backend = 'geminiApi' | 'vertexAi';

/** Where Vertex AI of Google Cloud is asked. */
export interface VertexPlace {
  /** The id or the number of a project. */
  project: string;
  /** Such as `global` or `europe-west4`. */
  location: string;
}

/**
 * The destination of requests to Vertex AI, without a slash at the end: host, project and location, so that what a user agrees to is all of them.
 * Throws `permissionDenied` where project or location are missing or none.
 * @param base the address to ask in place of Google's own, without a slash at the end
 */
export function vertexDestination({ project, location }: VertexPlace, base = vertexBase(location)): string {
  if (!/^[a-z0-9][a-z0-9.:-]{1,98}[a-z0-9]$/i.test(project) || !/^[a-z][a-z0-9-]{1,40}$/.test(location)) {
    throw new InspectorError('permissionDenied', t('Vertex AI needs a project and a location of Google Cloud.'), {
      detail: t('Set them in the settings "Project" and "Location", such as my-project and global.'),
      actions: ['openSettings'],
    });
  }
  return `${base}/v1beta1/projects/${project}/locations/${location}`;
}

/** What is asked at a destination, if that is Vertex AI. */
export function vertexAt(destination: string): (VertexPlace & { base: string }) | undefined {
  const [, base, project, location] = /^(https?:\/\/.+)\/v1beta1\/projects\/([^/]+)\/locations\/([^/]+)$/.exec(destination) ?? [];
  return base === undefined || project === undefined || location === undefined ? undefined : { base, project, location };
}

/** Which of the two APIs answers at a destination. */
export function backendAt(destination: string): Backend {
  return vertexAt(destination) === undefined ? 'geminiApi' : 'vertexAi';
}

/** By the documentation of Vertex AI: a host for each region, others for the world and for whole continents. */
export function vertexBase(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}
