import { changed, InspectorError, tooLarge, tooMany } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { modelInfo } from '../../core/models/models.ts';
import { LIMITS } from '../../core/models/modelTable.ts';
import { vertexAt } from '../../core/models/vertex.ts';
import { wireSize } from '../../core/request/buildRequest.ts';
import { addressesIn, partsOf } from '../../core/request/request.ts';
import type { Job } from './job.ts';
import type { OutgoingRequest, Permit } from './outgoing.ts';

/** The failure for a file that must not be sent. */
export function excluded(): InspectorError {
  return new InspectorError('excluded', t('A setting excludes this file from being sent.'), { actions: ['openSettings'] });
}

const jobPermits = new WeakMap<Job, Permit[]>();

/** Has one more permit asked for each request of a job, before those that are asked for every request. */
export function addPermit(job: Job, permit: Permit): void {
  jobPermits.set(job, [...permitsOf(job), permit]);
}

/** What is asked for the requests of a job alone. */
export function permitsOf(job: Job): readonly Permit[] {
  return jobPermits.get(job) ?? [];
}

/** No image goes out that a setting excludes. */
export function excludePermit(isExcludedUri: (uri: string) => Promise<boolean>): Permit {
  return async ({ images }) => {
    for (const { uri } of images) if (await isExcludedUri(uri)) throw excluded();
  };
}

/** No request goes out that the API could not take: with too many images, with a file that is too large, or with more inside than `limit` bytes. */
export function sizePermit(limit: () => number): Permit {
  return async ({ request, uploads, images, destination }) => {
    const count = partsOf(request).filter(({ kind }) => kind === 'image').length;
    const { mostImages } = modelInfo(request.model, new Date());
    if (count > mostImages) throw tooMany(count, request.model, mostImages);
    for (const place of uploads) {
      const { size } = images[place]?.body ?? { size: 0 };
      if (size > LIMITS.fileBytes) throw tooLarge(size, LIMITS.fileBytes);
    }
    const size = wireSize(request);
    if (size > limit()) throw tooLarge(size, limit(), count, vertexAt(destination) === undefined);
  };
}

export type Consent = boolean | 'once';

/** What the user has said about sending, and how to ask. */
export interface ConsentPolicy {
  /** `always` also in a workspace that is not trusted. */
  when: () => 'firstTime' | 'always' | 'never';
  /** `what`: a destination and a way there: inside the request, as an upload that stays for a while, or as an address in place of the image. */
  remembered: (what: string) => boolean;
  remember: (what: string) => Promise<void>;
  /**
   * Resolves to true or `once` only when the user agreed; `once`: and wants to be asked again. A dialog that cannot be shown rejects or resolves to false.
   * `canRemember`: whether the agreement holds for later ones too.
   */
  ask: (outgoing: OutgoingRequest, canRemember: boolean) => Promise<Consent>;
}

/** No image goes out before the user was told what goes where, and how, and agreed; asked once for a job, and by `firstTime` once for an address and a way. */
export function consentPermit(policy: ConsentPolicy): Permit {
  return async (outgoing) => {
    const when = policy.when();
    const { series, job } = outgoing;
    const needed = consentsFor(outgoing);
    if (when === 'never') return;
    // Before many images go out their sum is said, even where a single one needs no question any more.
    const isMany = job.imageCount > 1 && !job.fromCode && outgoing.isFree !== true;
    // An agreement to send images is none to a number of calls without a known price.
    const isKnown = when === 'firstTime' && series === undefined && needed.every((what) => policy.remembered(what));
    if (isKnown && !isMany) return;
    const { consents } = job;
    const all = isKnown ? '' : [...needed, ...(series === undefined ? [] : ['several calls'])].join('\n');
    const consent = consents.get(all) ?? policy.ask(outgoing, when === 'firstTime' && series === undefined).catch(() => false);
    consents.set(all, consent);
    // Once it is remembered, the images of the job that come later need no question any more: their sum was said.
    if (series === undefined && !consents.has('')) consents.set('', consent);
    const answer = await consent;
    if (answer === false) throw new InspectorError('notConfirmed', t('Not sent.'));
    if (when === 'firstTime' && answer !== 'once' && series === undefined) for (const what of needed) await policy.remember(what);
  };
}

/** An agreement to send images inside a request is none to leave them with Google for 48 hours, nor to have Google fetch them from where they are. */
function consentsFor({ destination, request, uploads }: OutgoingRequest): string[] {
  const images = partsOf(request).flatMap((part) => (part.kind === 'image' ? [part] : []));
  const isInside = images.length === 0 || images.some(({ image, source }) => source.kind !== 'url' && !uploads.includes(image));
  return [
    ...(isInside ? [destination] : []),
    ...(uploads.length > 0 ? [`${destination} by upload`] : []),
    ...(addressesIn(request).length > 0 ? [`${destination} by address`] : []),
  ];
}

/** The user is asked once, and sees what goes out the first time: each time it is prepared anew, and a file may have changed in between. */
export function assertSameAgain({ job, images }: OutgoingRequest): void {
  for (const [place, { sha256 }] of images.entries()) {
    const first = job.bodies.get(place) ?? sha256;
    if (first !== sha256) throw changed();
    job.bodies.set(place, first);
  }
}
