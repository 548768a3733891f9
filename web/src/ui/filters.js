/** The filters: kinds, categories, confidence, years and text, each choice with how many nodes it leaves. */
import { counted, kindWord, number } from '../data/words.js';
import { isActive, noFilter } from '../data/source.js';
import { el } from './dom.js';
import { kindMark } from './marks.js';

/**
 * @param {import('../data/source.js').Source} source
 * @param {(filter: import('../data/source.js').Filter) => void} change
 */
export function filters(source, change) {
  const element = el('form', { class: 'kg-filters', 'aria-label': 'Filters', onsubmit: (/** @type {Event} */ e) => e.preventDefault() });
  let filter = noFilter();
  let timer = 0;

  const text = /** @type {HTMLInputElement} */ (el('input', { type: 'search', class: 'kg-input', id: 'kg-text', placeholder: 'Words in title or statement', dir: 'auto' }));
  const [since, until] = ['From', 'to'].map((word) =>
    /** @type {HTMLInputElement} */ (el('input', { type: 'number', class: 'kg-input', 'aria-label': `${word === 'to' ? 'To' : word} year`, step: 1 })));
  const total = el('p', { class: 'kg-total', role: 'status' });
  const reset = el('button', { type: 'button', class: 'kg-button', onclick: () => change(noFilter()) }, 'Clear filters');
  const groups = el('div', { class: 'kg-groups' });

  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const year = (/** @type {HTMLInputElement} */ input) => (input.value === '' ? null : Math.trunc(Number(input.value)) || 0);
      change({ ...filter, text: text.value, from: year(since), to: year(until) });
    }, 220);
  };
  for (const input of [text, since, until]) input.addEventListener('input', soon);

  element.append(
    el('div', { class: 'kg-group' }, el('label', { for: 'kg-text', class: 'kg-legend' }, 'Text'), text),
    groups,
    el('fieldset', { class: 'kg-group' }, el('legend', { class: 'kg-legend' }, 'Year'), el('div', { class: 'kg-years' }, since, el('span', {}, 'to'), until),
      el('p', { class: 'kg-note' }, 'of a source, an article, or what a fact rests on')),
    el('div', { class: 'kg-ends' }, total, reset));

  /** @param {string} legend @param {'kinds' | 'categories' | 'levels'} facet @param {[string, string, number][]} choices @param {boolean} marked */
  const group = (legend, facet, choices, marked) => {
    if (choices.length < 2) return null;
    const items = choices.map(([value, label, count]) => el('label', { class: `kg-choice${count ? '' : ' kg-none'}` },
      el('input', {
        type: 'checkbox', value, checked: filter[facet].includes(value),
        onchange: (/** @type {any} */ event) => change({
          ...filter, [facet]: event.target.checked ? [...filter[facet], value] : filter[facet].filter((each) => each !== value),
        }),
      }),
      marked && kindMark(value), el('span', { class: 'kg-choice-label', dir: 'auto' }, label), el('span', { class: 'kg-count' }, number(count))));
    return el('fieldset', { class: 'kg-group', 'data-facet': facet }, el('legend', { class: 'kg-legend' }, legend), el('div', { class: 'kg-choices' }, items));
  };

  return {
    element,
    /** @param {import('../data/source.js').Filter} next */
    async show(next) {
      filter = next;
      const facets = await source.facets(filter);
      if (filter !== next) return;
      const focused = /** @type {HTMLInputElement | null} */ (groups.contains(document.activeElement) ? document.activeElement : null);
      const scrolled = [...groups.querySelectorAll('.kg-choices')].map((each) => each.scrollTop);
      groups.replaceChildren(...[
        group('Type', 'kinds', facets.kinds.map(([kind, count]) => [kind, kindWord(kind, 2), count]), true),
        group('Confidence', 'levels', facets.levels.map(([level, count]) => [level, level, count]), false),
        group('Category', 'categories', facets.categories, false),
      ].filter((each) => each !== null));
      groups.querySelectorAll('.kg-choices').forEach((each, n) => { each.scrollTop = scrolled[n] ?? 0; });
      if (focused) {
        [...groups.querySelectorAll('input')].find((each) => each.value === focused.value)?.focus();
      }
      if (document.activeElement !== text) text.value = filter.text;
      if (document.activeElement !== since) since.value = filter.from === null ? '' : String(filter.from);
      if (document.activeElement !== until) until.value = filter.to === null ? '' : String(filter.to);
      if (facets.years) {
        since.placeholder = String(facets.years.from);
        until.placeholder = String(facets.years.to);
      }
      const active = isActive(filter);
      total.textContent = active ? `${counted(facets.total, 'node')} match` : `${counted(facets.total, 'node')}`;
      reset.hidden = !active;
    },
  };
}
