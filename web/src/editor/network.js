/** An answer as a graph: the things in its rows, and what joins them, drawn as in the explorer. */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
import { counted, kindWord, number, shortened } from '../data/words.js';
import { el } from '../ui/dom.js';
import { kindMark } from '../ui/marks.js';

/**
 * @typedef {import('./asking.js').Answer} Answer @typedef {import('./terms.js').Terms} Terms
 * @typedef {{from: string, to: string, label: string}} Tie
 * @typedef {{ties: Tie[], names: Map<string, string>}} Network
 */

/** How many relations are drawn. */
const TIES = 400;
/** Up to so many, each has its name along it. */
const NAMED = 24;
const NAMES = /(?:^|[/#])(headline|name|title|prefLabel|label|text)$/;

/** The columns of IRIs: the first two are joined. @param {Answer} answer */
const iriColumns = ({ names, rows }) => names.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || row[name].type === 'uri'));

/** Whether there is anything to draw. @param {Answer} answer */
export const isNetwork = (answer) => (answer.triples ? answer.rows.some((row) => row.object.type === 'uri') : iriColumns(answer).length > 1);

/** @param {Answer} answer @param {Terms} terms @returns {Network} */
export function networkOf(answer, terms) {
  /** @type {Map<string, string>} */ const names = new Map();
  if (answer.triples) {
    for (const { subject, predicate, object } of answer.rows) {
      if (object.type === 'literal' && NAMES.test(predicate.value) && !names.has(subject.value)) names.set(subject.value, object.value);
    }
    const ties = answer.rows.filter(({ predicate, object }) => object.type !== 'literal' && !predicate.value.endsWith('#type'))
      .map(({ subject, predicate, object }) => ({ from: subject.value, to: object.value, label: terms.last(predicate.value) }));
    return { ties, names };
  }
  const columns = iriColumns(answer);
  // ?article is called as ?articleTitle says, or ?article_label; the first column of words calls the first of IRIs.
  const literals = answer.names.filter((name) => answer.rows.some((row) => row[name]?.type === 'literal'));
  columns.forEach((column, n) => {
    const naming = literals.find((name) => name.toLowerCase().startsWith(column.toLowerCase()))
      ?? literals.find((name) => /^(title|name|label)$/i.test(name) && n === 0);
    for (const row of naming ? answer.rows : []) if (row[column] && row[naming ?? '']) names.set(row[column].value, row[naming ?? ''].value);
  });
  const [from, to] = columns;
  return { ties: answer.rows.filter((row) => row[from] && row[to]).map((row) => ({ from: row[from].value, to: row[to].value, label: '' })), names };
}

/** @param {Network} network @param {Terms} terms @param {boolean} narrow  whether it is higher than wide */
function sceneOf({ ties, names }, terms, narrow) {
  /** @type {Map<string, number>} */ const degrees = new Map();
  for (const { from, to } of ties) for (const id of [from, to]) degrees.set(id, (degrees.get(id) ?? 0) + 1);
  const most = Math.max(1, ...degrees.values());
  const nodes = [...degrees].map(([id, degree]) => ({
    id, degree, kind: terms.kind(id), label: names.get(id) ?? terms.last(id), size: (narrow ? 0.6 : 1) * (5 + 8 * Math.sqrt(degree / most)), x: 0, y: 0,
  }));
  const links = ties.map(({ from, to }) => ({ source: from, target: to }));
  const many = nodes.length;
  // It begins on a spiral and has no chance in it: the same answer gives the same picture.
  nodes.forEach((node, n) => {
    [node.x, node.y] = [20 * Math.sqrt(n + 0.5) * Math.cos(n * 2.4), 20 * Math.sqrt(n + 0.5) * Math.sin(n * 2.4)];
  });
  forceSimulation(nodes)
    .force('link', forceLink(links).id((/** @type {any} */ node) => node.id).distance(many > 60 ? 60 : 110))
    .force('charge', forceManyBody().strength(many > 60 ? -160 : -500))
    .force('collide', forceCollide(many > 60 ? 14 : 30))
    .force('x', forceX().strength(narrow ? 0.16 : 0.06))
    .force('y', forceY().strength(narrow ? 0.05 : 0.09))
    .stop().tick(260);
  const bounds = (/** @type {'x' | 'y'} */ axis, /** @type {number} */ more) => {
    const all = nodes.map((node) => node[axis]);
    return /** @type {[number, number]} */ ([Math.min(...all) - more, Math.max(...all) + more]);
  };
  return {
    nodes: nodes.map((node) => ({ ...node, rank: most - node.degree, side: /** @type {const} */ ('right'), free: true })),
    links: ties.map(({ from, to, label }) => ({ source: from, target: to, label: ties.length <= NAMED ? label : '', strong: ties.length <= NAMED })),
    regions: [], bridges: [], bounds: { x: bounds('x', 70), y: bounds('y', 20) }, dense: 60,
  };
}

/**
 * @param {Answer} answer
 * @param {{terms: Terms, isDark: () => boolean, namesFor: (iris: string[]) => Promise<Map<string, string>>}} options
 */
export function graphOf(answer, { terms, isDark, namesFor }) {
  const network = networkOf(answer, terms);
  const all = network.ties.length;
  const scene = sceneOf({ ...network, ties: network.ties.slice(0, TIES) }, terms, innerWidth < 640);
  const about = el('p', { class: 'about', role: 'status' }, 'A click on a node says what it is.');
  const kinds = [...new Set(scene.nodes.map((node) => node.kind))];
  const stage = el('div', { class: 'kg-stage', role: 'img', 'aria-label': `${counted(scene.nodes.length, 'node')} and their relations; the table holds the same` });
  /** @type {any} */ const { picture, coloursOf } = /** @type {any} */ (globalThis).kbgraphExplorer;
  let [picked, view] = ['', /** @type {any} */ (null)];
  const show = (/** @type {boolean} */ keep) => view?.show(scene, coloursOf(isDark()), picked, keep);
  const pick = (/** @type {string} */ id) => {
    const node = scene.nodes.find((each) => each.id === id);
    if (!node) return;
    picked = id;
    about.replaceChildren(kindMark(node.kind), ` ${shortened(node.label, 120)} `, terms.shown({ type: /^[a-z]+:/i.test(id) ? 'uri' : 'bnode', value: id }));
    show(true);
  };
  // The picture needs to know how large it is, which it does once it lies in the page.
  const watch = new ResizeObserver(() => {
    if (!stage.isConnected) {
      view?.destroy();
      watch.disconnect();
    } else if (!view && stage.clientWidth) {
      view = picture(stage, { node: pick, region: () => {}, empty: () => {} }, false);
      show(false);
    }
  });
  watch.observe(stage);
  // What the answer does not name, the graph does; without that, the ends of IRIs have to do.
  namesFor(scene.nodes.filter((node) => !network.names.has(node.id)).map((node) => node.id)).then((found) => {
    for (const node of scene.nodes) node.label = found.get(node.id) ?? node.label;
    if (picked) pick(picked);
    else show(true);
  }, () => {});
  const element = el('div', {},
    el('div', { class: 'drawing' }, stage),
    el('p', { class: 'legend' }, kinds.map((kind) => el('span', {}, kindMark(kind), ` ${kindWord(kind)}`)),
      el('span', { class: 'quiet' }, all > TIES ? `The first ${TIES} of ${number(all)} relations` : `${counted(scene.nodes.length, 'node')}, ${counted(all, 'relation')}`)),
    about);
  return { element, recolour: () => show(true), pick, placeOf: (/** @type {string} */ id) => view?.placeOf(id) ?? null };
}
