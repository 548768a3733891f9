/** Starts the explorer in a page that holds its data, and gives other pages `mount` and `embedded`. */
import { embedded } from './data/embedded.js';
import { mount } from './explorer.js';

const api = { mount, embedded, page: /** @type {any} */ (null) };
/** @type {any} */ (globalThis).kbgraphExplorer = api;

const data = document.getElementById('kbgraph-data');
const root = document.getElementById('kbgraph');
if (data && root) {
  const plain = new URLSearchParams(location.search).get('renderer') === 'canvas';
  mount(root, embedded(JSON.parse(data.textContent ?? '')), { renderer: plain ? 'canvas' : 'webgl' })
    .then((page) => { api.page = page; })
    .catch((error) => {
      root.textContent = `This page could not be shown: ${error.message}`;
      throw error;
    });
}
