import { type FromWebviewMessage, MOST_PASTED_BYTES } from '../../protocol.ts';

/** The file in what is pasted, if there is one: an image if any is, else whatever it is; the host tells by its content. */
export function pastedFile(data: DataTransfer | null): File | undefined {
  const files = [...(data?.files ?? [])];
  return files.find(({ type }) => type.startsWith('image/')) ?? files[0];
}

/** What the host is told of a pasted file, or of none. */
export async function pasteMessage(file: Blob | undefined): Promise<Extract<FromWebviewMessage, { type: 'pasteImage' }>> {
  const size = file?.size ?? 0;
  if (file === undefined || size === 0 || size > MOST_PASTED_BYTES) return { type: 'pasteImage', size };
  return { type: 'pasteImage', size, bytes: new Uint8Array(await file.arrayBuffer()) };
}
