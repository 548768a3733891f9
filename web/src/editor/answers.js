/** What came back: as a table, a chart, a graph or as it came, and as files in each form. */
import { counted } from '../data/words.js';
import { el } from '../ui/dom.js';
import { fileOf, formsOf, namesFor } from './asking.js';
import { chartOf, numericOf } from './chart.js';
import { graphOf, isNetwork } from './network.js';
import { tableOf } from './table.js';

/** @typedef {'table' | 'chart' | 'graph' | 'raw'} View */

const TITLES = { table: 'Table', chart: 'Chart', graph: 'Graph', raw: 'As it came' };
/** Characters that are shown of an answer as it came. */
const SHOWN = 200_000;

/** The views that an answer has. @param {import('./asking.js').Answer} answer @returns {View[]} */
const viewsOf = (answer) => {
  if (answer.truth !== null) return ['raw'];
  /** @type {View[]} */ const views = ['table'];
  if (answer.rows.length && numericOf(answer).length) views.push('chart');
  if (isNetwork(answer)) views.push('graph');
  return [...views, 'raw'];
};

/** @param {import('./asking.js').Answer} answer */
export const words = ({ truth, rows, triples, cut, seconds }) => {
  const time = seconds < 0.1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
  if (truth !== null) return `${truth ? 'Yes' : 'No'}, in ${time}`;
  return `${counted(rows.length, triples ? 'triple' : 'row')} in ${time}${cut ? '; there are more, the server sends no more than these' : ''}`;
};

/**
 * @param {HTMLElement} place
 * @param {{endpoint: string, terms: import('./terms.js').Terms, isDark: () => boolean, chosen: (view: View) => void, failed: (error: Error) => void}} options
 */
export function answers(place, { endpoint, terms, isDark, chosen, failed }) {
  /** @type {ReturnType<typeof graphOf> | null} */ let graph = null;
  const content = el('div', { class: 'content' });

  const makers = {
    table: tableOf,
    chart: chartOf,
    graph: (/** @type {import('./asking.js').Answer} */ answer) => {
      graph = graphOf(answer, { terms, isDark, namesFor: (iris) => namesFor(endpoint, iris) });
      return graph.element;
    },
    raw: (/** @type {import('./asking.js').Answer} */ { text }) => el('pre', { tabindex: 0 }, text.slice(0, SHOWN), text.length > SHOWN && '\n…'),
  };
  const download = async (/** @type {string} */ query, /** @type {string} */ form, /** @type {string} */ ending) => {
    try {
      const url = URL.createObjectURL(await fileOf(endpoint, query, form));
      el('a', { href: url, download: `answer.${ending}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
  };
  return {
    /** @param {import('./asking.js').Answer} answer @param {string} query that it answers @param {string} wanted a view */
    show(answer, query, wanted) {
      const views = viewsOf(answer);
      const buttons = views.map((view) => el('button', { type: 'button', 'data-view': view, onclick: () => turn(view) }, TITLES[view]));
      const turn = (/** @type {View} */ view, first = false) => {
        buttons.forEach((each) => each.setAttribute('aria-pressed', String(each.dataset.view === view)));
        graph = null;
        content.replaceChildren(makers[view](answer, terms));
        if (first) return;
        chosen(view);
        place.scrollIntoView({ block: 'nearest' });
      };
      place.replaceChildren(
        el('div', { class: 'bar-of-views' },
          el('div', { class: 'views', role: 'group', 'aria-label': 'Show as' }, buttons),
          el('div', { class: 'files', role: 'group', 'aria-label': 'Download' }, el('span', { class: 'quiet', 'aria-hidden': 'true' }, 'Download'),
            formsOf(answer).map(([name, form, ending]) => el('button', { type: 'button', 'aria-label': `Download as ${name}`, onclick: () => download(query, form, ending) }, name)))),
        content);
      turn(views.find((view) => view === wanted) ?? views[0], true);
    },
    clear: () => place.replaceChildren(),
    recolour: () => graph?.recolour(),
    graph: () => graph,
  };
}
