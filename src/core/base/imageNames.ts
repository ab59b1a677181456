/** Endings of names that the inspector takes for images, in lower case. */
export const IMAGE_EXTENSIONS = ['png', 'jpg', 'jpeg', 'webp', 'heic', 'heif', 'gif', 'avif', 'bmp', 'tif', 'tiff', 'svg'] as const;

const IMAGE_NAME = new RegExp(`\\.(${IMAGE_EXTENSIONS.join('|')})$`, 'i');

/** True if a file name or path ends like an image. */
export function isImageName(path: string): boolean {
  return IMAGE_NAME.test(path);
}

/** Languages of VS Code whose texts name images in a way that is read here. */
export const TEXT_LANGUAGES = ['markdown', 'html', 'css', 'scss', 'less'] as const;
