/**
 * A viewer as it is usually done: one canvas, and for each frame everything is drawn again, the same as ours. Runs in the page, so it stands alone.
 * `outline` is a path in pixels of the picture. The wheel zooms at the pointer and the pointer pans, as in ours.
 */
export async function plainCanvas(scene: {
  src: string;
  width: number;
  height: number;
  objects: { label: string; x: number; y: number; width: number; height: number; outline?: string }[];
}): Promise<void> {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.className = 'viewer';
  canvas.width = innerWidth - 360;
  canvas.height = innerHeight - 35;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const picture = new Image();
  picture.src = scene.src;
  await picture.decode();
  const outlines = scene.objects.map(({ outline }) => outline && new Path2D(outline));
  const k = Math.min(canvas.width / scene.width, canvas.height / scene.height);
  const view = { x: 0, y: 0, k };
  const draw = () => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(view.k, 0, 0, view.k, view.x, view.y);
    context.drawImage(picture, 0, 0);
    for (const [i, { label, x, y, width, height }] of scene.objects.entries()) {
      const shape = new Path2D();
      shape.rect(x, y, width, height);
      const drawn = outlines[i] || shape;
      context.fillStyle = '#69C1FC59';
      if (drawn !== shape) context.fill(drawn, 'evenodd');
      context.lineWidth = 4 / view.k;
      context.strokeStyle = '#000000D9';
      context.stroke(drawn);
      context.lineWidth = 2 / view.k;
      context.strokeStyle = '#69C1FC';
      context.stroke(drawn);
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
