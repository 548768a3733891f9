/** The picture with what lies over it: where one is, what is shown, what the shapes mean, zooming. */
import { kindWord } from '../data/words.js';
import { start, toHash } from '../state.js';
import { el, iconButton, ICONS } from './dom.js';
import { kindMark } from './marks.js';

/** Pixels of a step of the picture, by key. */
const MOVES = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] });

/** @param {import('../navigation.js').Steps} steps @param {() => import('../draw/renderer.js').Picture} view */
export function figure(steps, view) {
  const stage = el('div', {
    class: 'kg-stage', tabindex: 0, role: 'img', 'aria-label': 'Picture of the graph. The same data is in the table and in the panel.',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (MOVES[event.key]) view().pan(...MOVES[event.key]);
      else if (event.key === '+' || event.key === '=') view().zoom(1.4);
      else if (event.key === '-') view().zoom(1 / 1.4);
      else if (event.key === '0') view().fit();
      else return;
      event.preventDefault();
    },
  });
  const caption = el('p', { class: 'kg-caption' });
  const crumbs = el('nav', { class: 'kg-crumbs', 'aria-label': 'What is shown' });
  const legend = el('ul', { class: 'kg-legend-list', 'aria-label': 'Legend' });
  const zoom = el('div', { class: 'kg-zoom', role: 'group', 'aria-label': 'Zoom' },
    iconButton('Zoom in', ICONS.plus, () => view().zoom(1.5)), iconButton('Zoom out', ICONS.minus, () => view().zoom(1 / 1.5)), iconButton('Show all of it', ICONS.fit, () => view().fit()));
  const element = el('section', { class: 'kg-figure', 'aria-label': 'Graph' },
    stage, el('div', { class: 'kg-over' }, crumbs), el('div', { class: 'kg-foot' }, caption, legend), zoom);

  const tab = (/** @type {string} */ name, /** @type {boolean} */ on, /** @type {import('../state.js').State} */ to) =>
    el('a', { href: toHash(to), class: 'kg-tab', 'aria-current': on ? 'page' : null }, name);
  return {
    element, stage,
    caption: () => caption.textContent ?? '',
    /** @param {import('../state.js').State} now @param {import('../draw/scene.js').Made} made @param {string[]} kinds  in their order */
    show(now, made, kinds) {
      const isMap = now.view === 'overview' || now.view === 'all';
      const full = (/** @type {boolean} */ to, /** @type {string} */ name) => el('button', { type: 'button', class: 'kg-button', onclick: () => steps.go({ full: to }) }, name);
      crumbs.replaceChildren(...[
        tab('Overview', now.view === 'overview', { ...start(), table: now.table }),
        tab('Everything', now.view === 'all', { ...start(), view: 'all', table: now.table }),
        !isMap && el('span', { class: 'kg-tab kg-here', 'aria-current': 'page' }, now.view === 'path' ? 'Path' : 'Neighbourhood'),
        made.hidden > 0 && !now.full && full(true, 'Show all neighbours'),
        made.hidden === 0 && now.full && full(false, 'Show fewer'),
      ].filter((each) => each !== false));
      caption.textContent = made.caption;
      const there = new Set(made.scene.nodes.map((node) => node.kind));
      legend.replaceChildren(...kinds.filter((kind) => there.has(kind)).map((kind) => el('li', {}, kindMark(kind), kindWord(kind))));
    },
  };
}
