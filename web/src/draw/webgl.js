/** The renderer that draws links and nodes with sigma.js on WebGL. */
import Graph from 'graphology';
import Sigma from 'sigma';
import { EdgeLineProgram, EdgeRectangleProgram } from 'sigma/rendering';
import { paddingOf } from './arrange.js';
import { colourOf, MANY } from './paint.js';
import { ShapeProgram } from './shape-program.js';


/** @returns {boolean} whether the browser can do it */
export function hasWebGL() {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

/**
 * A program that draws what is seen alone: sigma draws all of it once more to find what is pointed at, which `renderer.js` does.
 *
 * @param {any} Program
 */
const unpicked = (Program) => /** @type {any} */ (class extends Program {
  /** @param {WebGLRenderingContext} gl @param {WebGLFramebuffer} _ @param {any} renderer */
  constructor(gl, _, renderer) {
    super(gl, null, renderer);
  }
});

/**
 * @param {HTMLElement} container
 * @param {{change: () => void, click: (x: number, y: number) => void}} handlers
 * @returns {import('./renderer.js').Renderer}
 */
export function webglRenderer(container, handlers) {
  const graph = new Graph({ multi: true });
  const shape = unpicked(ShapeProgram);
  const sigma = new Sigma(graph, container, {
    renderLabels: false,
    defaultNodeType: 'shape',
    nodeProgramClasses: { shape },
    nodeHoverProgramClasses: { shape },
    edgeProgramClasses: { thin: unpicked(EdgeLineProgram), thick: unpicked(EdgeRectangleProgram) },
    defaultDrawNodeHover: () => {},
    stagePadding: paddingOf(container.clientWidth),
    minCameraRatio: 0.02,
    maxCameraRatio: 2.5,
    allowInvalidContainer: true,
    enableCameraRotation: false,
  });
  sigma.on('afterRender', handlers.change);
  for (const name of /** @type {const} */ (['clickNode', 'clickStage'])) {
    sigma.on(name, (/** @type {any} */ { event }) => handlers.click(event.x, event.y));
  }
  const camera = sigma.getCamera();
  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
  const move = (/** @type {any} */ state) => (calm() ? camera.setState(state) : void camera.animate(state, { duration: 220 }));
  return {
    show(scene, colours, keepCamera) {
      graph.clear();
      for (const { id, kind, x, y, size } of scene.nodes) {
        graph.addNode(id, { x, y: -y, size, kind, color: colours.kinds[/** @type {keyof typeof colours.kinds} */ (kind)] ?? colours.soft });
      }
      const type = scene.links.length > MANY ? 'thin' : 'thick';
      sigma.setSetting('hideEdgesOnMove', type === 'thin');
      sigma.setSetting('stagePadding', paddingOf(container.clientWidth));
      // Those that stay behind are drawn first.
      for (const link of [...scene.links].sort((a, b) => Number(b.weak ?? false) - Number(a.weak ?? false))) {
        graph.addEdge(link.source, link.target, { color: colourOf(link, scene, colours), size: link.strong ? 2 : 1, type });
      }
      const { x, y } = scene.bounds;
      sigma.setCustomBBox({ x, y: [-y[1], -y[0]] });
      if (!keepCamera) camera.setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
      sigma.refresh();
    },
    view() {
      const { width, height } = sigma.getDimensions();
      const at = (/** @type {number} */ x, /** @type {number} */ y) => {
        const place = sigma.graphToViewport({ x, y: -y });
        return /** @type {[number, number]} */ ([place.x, place.y]);
      };
      const [[x0], [x1]] = [at(0, 0), at(1, 0)];
      return { width, height, at, long: (length) => length * (x1 - x0), size: (size) => sigma.scaleSize(size) };
    },
    zoom: (factor) => move({ ratio: sigma.getCamera().getBoundedRatio(camera.ratio / factor) }),
    pan: (dx, dy) => {
      const from = sigma.viewportToFramedGraph({ x: 0, y: 0 });
      const to = sigma.viewportToFramedGraph({ x: dx, y: dy });
      // Animated, however shortly, so that links are left out meanwhile.
      void camera.animate({ x: camera.x + to.x - from.x, y: camera.y + to.y - from.y }, { duration: 50, easing: 'linear' });
    },
    fit: () => move({ x: 0.5, y: 0.5, ratio: 1 }),
    resize: () => {
      sigma.resize(true);
      sigma.refresh();
    },
    destroy: () => sigma.kill(),
    name: 'webgl',
  };
}
