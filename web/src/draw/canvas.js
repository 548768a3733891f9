/** The renderer for browsers without WebGL: the same picture, drawn on a plain canvas. */
import { paddingOf } from './arrange.js';
import { canvasPen } from './pens.js';
import { MANY, paintGraph } from './paint.js';

/** A pointer that moves less than this has clicked. */
const CLICK = 5;

/**
 * @param {HTMLElement} container
 * @param {{change: () => void, click: (x: number, y: number) => void}} handlers
 * @returns {import('./renderer.js').Renderer}
 */
export function canvasRenderer(container, handlers) {
  const canvas = document.createElement('canvas');
  canvas.className = 'kg-layer';
  container.append(canvas);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const pen = canvasPen(context);
  /** @type {import('./paint.js').Scene | null} */ let scene = null;
  /** @type {import('./theme.js').Colours | null} */ let colours = null;
  let [middleX, middleY, ratio, width, height] = [0, 0, 1, 0, 0];
  let [waiting, resting, moving] = [0, /** @type {any} */ (0), false];

  const base = () => {
    if (!scene) return 1;
    const [w, h] = [scene.bounds.x[1] - scene.bounds.x[0] || 1, scene.bounds.y[1] - scene.bounds.y[0] || 1];
    return Math.max(0.001, Math.min((width - 2 * paddingOf(width)) / w, (height - 2 * paddingOf(width)) / h));
  };
  const view = () => {
    const scale = base() * ratio;
    return {
      width, height,
      at: (/** @type {number} */ x, /** @type {number} */ y) =>
        /** @type {[number, number]} */ ([width / 2 + (x - middleX) * scale, height / 2 + (y - middleY) * scale]),
      long: (/** @type {number} */ length) => length * scale,
      size: (/** @type {number} */ size) => size * Math.sqrt(ratio),
    };
  };
  const paint = () => {
    waiting = 0;
    const density = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    if (scene && colours) paintGraph(pen, scene, view(), colours, !moving || scene.links.length <= MANY);
    handlers.change();
  };
  const soon = () => {
    moving = true;
    clearTimeout(resting);
    resting = setTimeout(() => {
      moving = false;
      paint();
    }, 140);
    if (!waiting) waiting = requestAnimationFrame(paint);
  };
  const zoomAt = (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) => {
    const before = base() * ratio;
    ratio = Math.max(0.4, Math.min(50, ratio * factor));
    const after = base() * ratio;
    middleX += (x - width / 2) * (1 / before - 1 / after);
    middleY += (y - height / 2) * (1 / before - 1 / after);
    soon();
  };

  /** @type {Map<number, [number, number]>} */ const pointers = new Map();
  let [downX, downY, moved] = [0, 0, false];
  const local = (/** @type {PointerEvent | WheelEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]);
  };
  canvas.addEventListener('pointerdown', (event) => {
    pointers.set(event.pointerId, local(event));
    [downX, downY] = local(event);
    moved = false;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = local(event);
    if (Math.hypot(now[0] - downX, now[1] - downY) > CLICK) moved = true;
    if (pointers.size === 2) {
      const other = /** @type {[number, number]} */ ([...pointers].find(([id]) => id !== event.pointerId)?.[1]);
      const [was, is] = [before, now].map(([x, y]) => Math.hypot(x - other[0], y - other[1]));
      if (was > 0) zoomAt(is / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else if (moved) {
      const scale = base() * ratio;
      middleX -= (now[0] - before[0]) / scale;
      middleY -= (now[1] - before[1]) / scale;
      soon();
    }
    pointers.set(event.pointerId, now);
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    canvas.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      if (name === 'pointerup' && !moved) handlers.click(...local(event));
    });
  }
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoomAt(event.deltaY < 0 ? 1.25 : 0.8, ...local(event));
  }, { passive: false });

  const measure = () => {
    ({ clientWidth: width, clientHeight: height } = container);
  };
  const centre = () => {
    if (!scene) return;
    middleX = (scene.bounds.x[0] + scene.bounds.x[1]) / 2;
    middleY = (scene.bounds.y[0] + scene.bounds.y[1]) / 2;
    ratio = 1;
  };
  return {
    show(nextScene, nextColours, keepCamera) {
      [scene, colours] = [nextScene, nextColours];
      measure();
      if (!keepCamera) centre();
      paint();
    },
    view,
    zoom: (factor) => zoomAt(factor, width / 2, height / 2),
    pan(dx, dy) {
      const scale = base() * ratio;
      middleX += dx / scale;
      middleY += dy / scale;
      soon();
    },
    fit() {
      centre();
      soon();
    },
    resize() {
      measure();
      paint();
    },
    destroy() {
      cancelAnimationFrame(waiting);
      clearTimeout(resting);
      canvas.remove();
    },
    name: 'canvas',
  };
}
