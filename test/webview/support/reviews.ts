import type { SendReview } from '../../../src/protocol.ts';
import { IMAGE, IMAGE_SIZE } from './sessions.ts';

/** The picture of the sessions, with a hostile name. */
export const SENT_PICTURE: SendReview['pictures'][number] = {
  src: IMAGE.src,
  name: 'kitchen <b>.png',
  ...IMAGE_SIZE,
  sent: { mimeType: 'image/png', ...IMAGE_SIZE, bytes: 679_000, via: 'inline' },
  metadata: 'cut',
};

/** The question whether a picture may be sent. */
export function sendReview(more: Partial<SendReview> = {}): SendReview {
  return {
    id: 'question-1',
    kind: 'ask',
    canRemember: true,
    pictures: [SENT_PICTURE],
    task: 'detect',
    prompt: 'cupcakes with googly eyes',
    model: 'gemini-3.8-flash',
    texts: [
      { from: 'system', text: 'Answer shortly.' },
      { from: 'user', text: 'Detect cupcakes with googly eyes. Answer as JSON.' },
    ],
    cost: { image: 1089, prompt: 62, usd: 0.0009 },
    budget: { spent: 0.41, limit: 5 },
    destination: { address: 'https://generativelanguage.googleapis.com', key: 'secretStorage' },
    ...more,
  };
}
