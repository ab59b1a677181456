import { vertexAt } from '../../core/models/vertex.ts';
import type { Gemini } from '../../gemini/api/api.ts';
import type { Credentials } from '../../gemini/api/vertex.ts';

let credentials: Credentials | undefined;

/** A client for a destination. The libraries of Google Cloud are loaded for Vertex AI only. */
export async function connect(apiKey: string, destination: string): Promise<Gemini> {
  const { fetch } = globalThis;
  const place = vertexAt(destination);
  if (place === undefined) return (await import('../../gemini/api/gemini.ts')).createGemini({ apiKey, baseUrl: destination, fetch });
  const { createVertex, Credentials } = await import('../../gemini/api/vertex.ts');
  credentials ??= new Credentials(fetch);
  return createVertex({ ...place, fetch, credentials });
}
