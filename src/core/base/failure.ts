import { formatBytes, formatNumber } from './format.ts';
import { t } from './l10n.ts';

export const FAILURE_REASONS = [
  'noImage',
  'noApiKey',
  'invalidApiKey',
  'permissionDenied',
  'modelNotFound',
  'quotaExhausted',
  'rateLimited',
  'overloaded',
  'blocked',
  'emptyReply',
  'unsupportedImage',
  'unreadableImage',
  'unreadableFile',
  'unsupported',
  'tooLarge',
  'network',
  'timeout',
  'cancelled',
  'notConfirmed',
  'excluded',
  'overBudget',
  'notFound',
  'server',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What a button under a failure does. */
export type FailureAction =
  | 'setApiKey'
  | 'getApiKey'
  | 'selectModel'
  | 'openLog'
  | 'openSettings'
  | 'openBudget'
  | 'openAsText'
  | 'tryAgain'
  | 'editPrompt'
  | 'enableApi'
  | 'sendSmaller'
  | 'sendFullSize';

/** A failure with a reason for code and a message for people that says what to do next. Never holds a key. */
export class InspectorError extends Error {
  override readonly name = 'InspectorError';
  readonly reason: FailureReason;
  /** A second sentence: what it means, or what to do. */
  readonly detail: string;
  readonly actions: readonly FailureAction[];
  /** How long the API asks to wait before another try; only where it said so. */
  readonly retryAfterSeconds: number | undefined;
  /** True where the same request may go through a little later: the API is busy or stumbled, or the line broke. */
  readonly isTransient: boolean;
  /** True where the API no longer has a file that was uploaded. */
  readonly uploadExpired: boolean;
  /** Where Google's console switches on what is missing: what `enableApi` opens. */
  readonly enableUrl: string | undefined;

  constructor(
    reason: FailureReason,
    message: string,
    options: {
      detail?: string;
      actions?: readonly FailureAction[];
      cause?: unknown;
      retryAfterSeconds?: number | undefined;
      isTransient?: boolean | undefined;
      uploadExpired?: boolean | undefined;
      enableUrl?: string | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.detail = options.detail ?? '';
    this.actions = options.actions ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.isTransient = options.isTransient ?? (reason === 'rateLimited' || reason === 'overloaded');
    this.uploadExpired = options.uploadExpired ?? false;
    this.enableUrl = options.enableUrl;
  }
}

/** A failure as plain JSON, for the webview. */
export interface FailureView {
  reason: FailureReason;
  message: string;
  detail: string;
  actions: readonly FailureAction[];
  enableUrl?: string;
}

/** True for failures that nobody has to be told about: the user has just said so. */
export function isSilent(reason: FailureReason): boolean {
  return reason === 'cancelled' || reason === 'notConfirmed';
}

/** A failure as plain JSON. Anything unforeseen is reported as such, with the log to look at. */
export function failureView(error: unknown): FailureView {
  if (error instanceof InspectorError)
    return {
      reason: error.reason,
      message: error.message,
      detail: error.detail,
      actions: error.actions,
      ...(error.enableUrl === undefined ? {} : { enableUrl: error.enableUrl }),
    };
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: 'server', message: t('Something went wrong.'), detail, actions: ['tryAgain', 'openLog'] };
}

/** The failure for a file that is not a readable image. */
export function unreadable(detail: string, cause?: unknown): InspectorError {
  return new InspectorError('unreadableImage', t('The file is not a readable image.'), { detail, actions: ['openAsText'], cause });
}

/** The failure for an image that is not the one any more that was prepared, and shown to the user. */
export function changed(cause?: unknown): InspectorError {
  return new InspectorError('unreadableImage', t('The image was not sent.'), {
    detail: t('It changed while it was being sent. Run the task again.'),
    actions: ['tryAgain'],
    cause,
  });
}

/** The failure for a body, or a request with several images, of `bytes` bytes where `most` may be sent. */
export function tooLarge(bytes: number, most: number, images = 1, takesFiles = true): InspectorError {
  const message =
    images === 1
      ? t('The image is too large to send ({0}).', formatBytes(bytes))
      : t('The {0} images are too large to send together ({1}).', images, formatBytes(bytes));
  return new InspectorError('tooLarge', message, {
    detail: takesFiles
      ? t('At most about {0} fit into one request. Make the image smaller, or raise the limit in the settings.', formatBytes(most))
      : t('Vertex AI takes images inside the request only, at most about {0} by your settings. Make the image smaller.', formatBytes(most)),
    actions: ['openSettings'],
  });
}

/** The failure for more images than a model takes in one request. */
export function tooMany(images: number, model: string, most: number): InspectorError {
  const message = t('{0} images are too many: {1} takes at most {2} in one request.', formatNumber(images), model, formatNumber(most));
  return new InspectorError('tooLarge', message, { actions: ['selectModel'] });
}

/**
 * The refusal of an image that is sound but of a kind of which the decoders here would make another picture than people see elsewhere, or none.
 * `kind`: of file, as people call it. `what`: what is special about it, as the second half of a sentence.
 */
export function unfaithful(kind: 'TIFF' | 'BMP' | 'PNG' | 'JPEG' | 'AVIF' | 'HEIC', what: string): InspectorError {
  return new InspectorError('unsupportedImage', t('This kind of {0} cannot be read faithfully: {1}.', kind, what), {
    detail: t('Open it in a program that displays it correctly, and save it as a regular PNG.'),
  });
}

/** The words on the button of an action. */
export function actionTitle(action: FailureAction): string {
  const titles: Readonly<Record<FailureAction, string>> = {
    setApiKey: t('Set API Key…'),
    getApiKey: t('Get a Key'),
    selectModel: t('Choose Model…'),
    openLog: t('Open Log'),
    openSettings: t('Open Settings'),
    openBudget: t('Open Budget'),
    openAsText: t('Open as Text'),
    tryAgain: t('Try Again'),
    editPrompt: t('Edit Prompt'),
    enableApi: t('Enable…'),
    sendSmaller: t('Send Smaller'),
    sendFullSize: t('Send Full Size'),
  };
  return titles[action];
}
