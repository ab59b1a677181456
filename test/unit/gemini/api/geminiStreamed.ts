/** A response of server-sent events that comes in pieces of so many bytes, which cuts lines and characters wherever they are. */
export function streamed(bytes: Uint8Array, pieceLength: number): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let start = 0; start < bytes.length; start += pieceLength) controller.enqueue(bytes.subarray(start, start + pieceLength));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
