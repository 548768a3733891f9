/** Starts the explorer on a page of a server, whose addresses are on its element. */
import { live } from './data/live.js';

const root = /** @type {HTMLElement} */ (document.getElementById('kbgraph'));
const { graph = '', node = '', home = '' } = root.dataset;
/** @type {any} */ const { start, sourceOf } = /** @type {any} */ (globalThis).kbgraphExplorer;

start(root, live(graph, node, home, sourceOf));
