/** Starts the explorer in a page that holds its data, and gives other pages what they need to have one. */
import { sourceOf } from './data/columns.js';
import { embedded } from './data/embedded.js';
import { coloursOf } from './draw/theme.js';
import { picture } from './draw/renderer.js';
import { mount } from './explorer.js';

/**
 * Start an explorer that fills a page, or say why it cannot be.
 *
 * @param {HTMLElement} root
 * @param {import('./data/source.js').Source | Promise<import('./data/source.js').Source>} source
 */
async function start(root, source) {
  const plain = new URLSearchParams(location.search).get('renderer') === 'canvas';
  try {
    api.page = await mount(root, await source, { renderer: plain ? 'canvas' : 'webgl' });
  } catch (error) {
    root.textContent = `This page could not be shown: ${error instanceof Error ? error.message : error}`;
    throw error;
  }
}

const api = { mount, start, embedded, sourceOf, picture, coloursOf, page: /** @type {any} */ (null) };
/** @type {any} */ (globalThis).kbgraphExplorer = api;

const data = document.getElementById('kbgraph-data');
const root = document.getElementById('kbgraph');
if (data && root) void start(root, embedded(JSON.parse(data.textContent ?? '')));
