import { vertexAt } from '../../core/models/vertex.ts';
import type { Gemini } from '../../gemini/api/api.ts';
import type { Credentials } from '../../gemini/api/vertex.ts';
import { FETCH_PATIENCE, patientFetch } from '../../gemini/http/patientFetch.ts';

let credentials: Credentials | undefined;

/** A client for a destination, which bears a silence of so many milliseconds. The libraries of Google Cloud are loaded for Vertex AI only. */
export async function connect(apiKey: string, destination: string, silence: number): Promise<Gemini> {
  const fetch = silence < FETCH_PATIENCE ? globalThis.fetch : patientFetch;
  const place = vertexAt(destination);
  if (place === undefined) return (await import('../../gemini/api/gemini.ts')).createGemini({ apiKey, baseUrl: destination, fetch });
  const { createVertex, Credentials } = await import('../../gemini/api/vertex.ts');
  credentials ??= new Credentials(globalThis.fetch);
  return createVertex({ ...place, fetch, credentials });
}
