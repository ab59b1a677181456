/**
 * A viewer as it is usually done: one canvas, and for each frame everything is drawn again. Runs in the page, so it stands alone.
 * `draw` is the frame; the wheel zooms at the pointer and the pointer pans, as in ours.
 */
export async function plainCanvas(scene: {
  src: string;
  width: number;
  height: number;
  objects: { label: string; x: number; y: number; width: number; height: number; mask?: string }[];
}): Promise<void> {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.className = 'viewer';
  canvas.width = innerWidth - 360;
  canvas.height = innerHeight - 35;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const load = async (src: string) => {
    const picture = new Image();
    picture.src = src;
    await picture.decode();
    return picture;
  };
  const picture = await load(scene.src);
  const masks = await Promise.all(
    scene.objects.map(async ({ mask }) => {
      if (!mask) return undefined;
      const map = await load(`data:image/png;base64,${mask}`);
      const tinted = new OffscreenCanvas(map.naturalWidth, map.naturalHeight);
      const pixels = tinted.getContext('2d') as OffscreenCanvasRenderingContext2D;
      pixels.drawImage(map, 0, 0);
      const data = pixels.getImageData(0, 0, tinted.width, tinted.height);
      for (let i = 0; i < data.data.length; i += 4) data.data.set([105, 193, 252, (data.data[i] ?? 0) > 127 ? 90 : 0], i);
      pixels.putImageData(data, 0, 0);
      return tinted;
    }),
  );
  const k = Math.min(canvas.width / scene.width, canvas.height / scene.height);
  const view = { x: 0, y: 0, k };
  const draw = () => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(view.k, 0, 0, view.k, view.x, view.y);
    context.drawImage(picture, 0, 0);
    for (const [i, { label, x, y, width, height }] of scene.objects.entries()) {
      const mask = masks[i];
      if (mask) context.drawImage(mask, x, y, width, height);
      context.lineWidth = 4 / view.k;
      context.strokeStyle = '#000';
      context.strokeRect(x, y, width, height);
      context.lineWidth = 2 / view.k;
      context.strokeStyle = '#69C1FC';
      context.strokeRect(x, y, width, height);
      context.font = `600 ${11 / view.k}px sans-serif`;
      context.fillStyle = '#69C1FC';
      context.fillRect(x, y - 16 / view.k, context.measureText(label).width + 10 / view.k, 16 / view.k);
      context.fillStyle = '#111';
      context.fillText(label, x + 5 / view.k, y - 4 / view.k);
    }
  };
  canvas.addEventListener('wheel', (event) => {
    const factor = 2 ** (-event.deltaY / 500);
    view.x = event.offsetX - (event.offsetX - view.x) * factor;
    view.y = event.offsetY - (event.offsetY - view.y) * factor;
    view.k *= factor;
    draw();
  });
  let last: { x: number; y: number } | undefined;
  canvas.addEventListener('mousedown', ({ clientX, clientY }) => {
    last = { x: clientX, y: clientY };
  });
  addEventListener('mousemove', ({ clientX, clientY }) => {
    if (!last) return;
    view.x += clientX - last.x;
    view.y += clientY - last.y;
    last = { x: clientX, y: clientY };
    draw();
  });
  addEventListener('mouseup', () => {
    last = undefined;
  });
  draw();
}
