/** Marks, links and small signs that stand for nodes wherever they are listed. */
import { SHAPES } from '../draw/shapes.js';
import { kindWord, shortened } from '../data/words.js';
import { el, mark } from './dom.js';

/** The shape of a kind in its colour, with its name for screen readers if wanted. @param {string} kind */
export function kindMark(kind) {
  const svg = mark(kind);
  const shape = SHAPES[kind];
  const part = document.createElementNS('http://www.w3.org/2000/svg', shape ? 'polygon' : 'circle');
  if (shape) part.setAttribute('points', shape.map((point) => point.join(',')).join(' '));
  else part.setAttribute('r', '1');
  svg.append(part);
  return svg;
}

/** @param {string | null} level */
export const confidenceSign = (level) =>
  level && el('span', { class: `kg-level kg-level-${['high', 'medium', 'low'].includes(level) ? level : 'other'}` }, `${level} confidence`);

/**
 * A node as a link to it.
 *
 * @param {import('../data/source.js').Node} node
 * @param {(id: string) => string} href
 * @param {number} [most]  characters of its label
 */
export const nodeLink = (node, href, most = 240) =>
  el('a', { href: href(node.id), class: 'kg-node', title: node.label.length > most ? shortened(node.label, 600) : null },
    kindMark(node.kind), el('span', { class: 'kg-hidden' }, `${kindWord(node.kind)}: `), el('span', { dir: 'auto' }, shortened(node.label, most)));
