/**
 * The picture on the screen: ground, graph and words in layers, one renderer or the other for the graph.
 *
 * @typedef {object} Renderer
 * @property {(scene: import('./paint.js').Scene, colours: import('./theme.js').Colours, keepCamera: boolean) => void} show
 * @property {() => import('./paint.js').View} view
 * @property {(factor: number) => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {() => void} fit
 * @property {() => void} resize
 * @property {() => void} destroy
 * @property {string} name
 */
import { canvasRenderer } from './canvas.js';
import { hasWebGL, webglRenderer } from './webgl.js';
import { canvasPen, svgPen } from './pens.js';
import { paintGraph, paintGround, paintWords } from './paint.js';

/** Milliseconds without a change after which the picture rests; while it moves, fewer words are written. */
const REST = 160;
/** Up to so many nodes, all words are written while it moves, too. */
const FEW = 100;
/** How far from a node one may click and still mean it. */
const NEAR = 9;

/**
 * @typedef {ReturnType<typeof picture>} Picture
 *
 * @param {HTMLElement} stage
 * @param {{node: (id: string) => void, region: (id: string | null) => void, empty: () => void}} handlers
 * @param {boolean} plain  whether to do without WebGL
 */
export function picture(stage, handlers, plain) {
  const layer = (/** @type {string} */ name) => {
    const canvas = document.createElement('canvas');
    canvas.className = `kg-layer ${name}`;
    return canvas;
  };
  const [ground, words] = [layer('kg-ground'), layer('kg-words')];
  const middle = document.createElement('div');
  middle.className = 'kg-layer kg-middle';
  stage.append(ground, middle, words);

  /** @type {import('./paint.js').Scene} */
  let scene = { nodes: [], links: [], regions: [], bridges: [], bounds: { x: [0, 1], y: [0, 1] }, dense: 0 };
  /** @type {import('./theme.js').Colours | null} */ let colours = null;
  let [picked, pointed] = ['', ''];
  let [resting, isMoving] = [0, false];

  const clear = (/** @type {HTMLCanvasElement} */ canvas, /** @type {import('./paint.js').View} */ view) => {
    const density = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * density), Math.round(view.height * density)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    return canvasPen(context);
  };
  const paint = () => {
    if (!colours) return;
    const view = renderer.view();
    paintGround(clear(ground, view), scene, view, colours);
    paintWords(clear(words, view), scene, view, colours, { picked, pointed, few: isMoving });
  };
  const move = () => {
    isMoving = scene.nodes.length > FEW;
    clearTimeout(resting);
    resting = window.setTimeout(() => {
      isMoving = false;
      paint();
    }, REST);
    paint();
  };

  const nodeAt = (/** @type {number} */ x, /** @type {number} */ y) => {
    const view = renderer.view();
    /** @type {{id: string, away: number} | null} */ let best = null;
    for (const node of scene.nodes) {
      const [nx, ny] = view.at(node.x, node.y);
      const away = Math.hypot(nx - x, ny - y) - view.size(node.size);
      if (away < NEAR && (!best || away < best.away)) best = { id: node.id, away };
    }
    return best?.id ?? '';
  };
  const click = (/** @type {number} */ x, /** @type {number} */ y) => {
    const id = nodeAt(x, y);
    if (id) return handlers.node(id);
    const view = renderer.view();
    const region = scene.regions.find((each) => {
      const [rx, ry] = view.at(each.x, each.y);
      return Math.hypot(rx - x, ry - y) < view.long(each.radius);
    });
    return region ? handlers.region(region.id) : handlers.empty();
  };

  const options = { change: move, click };
  /** @type {Renderer} */ let renderer;
  if (plain || !hasWebGL()) renderer = canvasRenderer(middle, options);
  else {
    try {
      renderer = webglRenderer(middle, options);
    } catch {
      middle.replaceChildren();
      renderer = canvasRenderer(middle, options);
    }
  }

  let asked = 0;
  stage.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      const box = stage.getBoundingClientRect();
      const now = nodeAt(event.clientX - box.left, event.clientY - box.top);
      stage.classList.toggle('kg-pointing', now !== '');
      if (now !== pointed) {
        pointed = now;
        paint();
      }
    });
  });
  stage.addEventListener('pointerleave', () => {
    cancelAnimationFrame(asked);
    pointed = '';
    paint();
  });
  const watch = new ResizeObserver(() => {
    if (stage.clientWidth && stage.clientHeight) renderer.resize();
  });
  watch.observe(stage);

  return {
    /** @param {import('./paint.js').Scene} next @param {import('./theme.js').Colours} nextColours @param {string} nextPicked @param {boolean} keepCamera */
    show(next, nextColours, nextPicked, keepCamera) {
      [scene, colours, picked, pointed] = [next, nextColours, nextPicked, ''];
      renderer.show(scene, colours, keepCamera);
      clearTimeout(resting);
      isMoving = false;
      paint();
    },
    zoom: (/** @type {number} */ factor) => renderer.zoom(factor),
    pan: (/** @type {number} */ dx, /** @type {number} */ dy) => renderer.pan(dx, dy),
    fit: () => renderer.fit(),
    name: () => renderer.name,
    /** Where a node lies on the stage, for tests and for keyboards. @param {string} id */
    placeOf(id) {
      const node = scene.nodes.find((each) => each.id === id);
      return node ? renderer.view().at(node.x, node.y) : null;
    },
    /** The picture as an SVG file. @param {string} title */
    svg(title) {
      if (!colours) return '';
      const view = renderer.view();
      const ruler = canvasPen(/** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d')));
      const { pen, done } = svgPen(view.width, view.height, colours.background, title, ruler);
      paintGround(pen, scene, view, colours);
      paintGraph(pen, scene, view, colours);
      paintWords(pen, scene, view, colours, { picked, pointed: '', few: false });
      return done();
    },
    /** The picture as a PNG file, twice as fine as the screen. @returns {Promise<Blob | null>} */
    png() {
      const view = renderer.view();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [view.width * 2, view.height * 2];
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      if (!colours) return Promise.resolve(null);
      context.scale(2, 2);
      context.fillStyle = colours.background;
      context.fillRect(0, 0, view.width, view.height);
      const pen = canvasPen(context);
      paintGround(pen, scene, view, colours);
      paintGraph(pen, scene, view, colours);
      paintWords(pen, scene, view, colours, { picked, pointed: '', few: false });
      return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    },
    destroy() {
      watch.disconnect();
      clearTimeout(resting);
      renderer.destroy();
      stage.replaceChildren();
    },
  };
}
