/** The head of the explorer: its name, the search, graph or table, saving, light or dark. */
import { noFilter } from '../data/source.js';
import { kindWord, number } from '../data/words.js';
import { start } from '../state.js';
import { combobox } from './combobox.js';
import { el, icon, iconButton, ICONS } from './dom.js';

/**
 * @param {import('../data/source.js').Source} source
 * @param {import('../data/source.js').Summary} summary
 * @param {import('../navigation.js').Steps} steps
 * @param {{save: (kind: 'png' | 'svg') => void, toggleTheme: () => void, drawerButton: HTMLElement}} options
 */
export function header(source, summary, steps, { save, toggleTheme, drawerButton }) {
  const search = combobox(source, {
    label: 'Search articles, facts, sources, people, organisations', placeholder: 'Search articles, facts, sources, people …',
    choose: (node) => steps.open(node.id),
    all: (text) => text.trim() && steps.go({ ...start(), table: steps.now().table, filter: { ...noFilter(), text } }),
  });
  const modes = el('div', { class: 'kg-modes', role: 'group', 'aria-label': 'View' }, [['Graph', false], ['Table', true]].map(([name, on]) =>
    el('button', { type: 'button', class: 'kg-mode', 'data-table': String(on), 'aria-pressed': 'false', onclick: () => steps.go({ table: Boolean(on), page: 0 }) }, String(name))));

  const files = el('div', { class: 'kg-menu', hidden: true, id: 'kg-saves', onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && saving.click() },
    /** @type {const} */ (['png', 'svg']).map((kind) => el('button', {
      type: 'button', class: 'kg-button', onclick: () => {
        saving.click();
        saving.focus();
        save(kind);
      },
    }, `Picture as ${kind.toUpperCase()}`)));
  const saving = iconButton('Save the picture', ICONS.save, () => {
    files.hidden = !files.hidden;
    saving.setAttribute('aria-expanded', String(!files.hidden));
    if (!files.hidden) files.querySelector('button')?.focus();
  }, { 'aria-expanded': 'false', 'aria-controls': 'kg-saves' });

  const counts = ['article', 'fact', 'source'].filter((kind) => summary.counts[kind])
    .map((kind) => `${number(summary.counts[kind])} ${kindWord(kind, summary.counts[kind]).toLowerCase()}`).join(' · ');
  const title = el('a', {
    href: '#', dir: 'auto', onclick: (/** @type {Event} */ event) => {
      event.preventDefault();
      search.input.value = '';
      steps.home();
    },
  }, summary.title);
  const element = el('header', { class: 'kg-header' },
    summary.home && el('a', { href: summary.home, class: 'kg-icon-button kg-home', 'aria-label': 'To the pages', title: 'To the pages' }, icon(ICONS.back)),
    el('div', { class: 'kg-name' }, el('h1', {}, title), el('p', {}, counts)),
    el('div', { class: 'kg-search', role: 'search' }, icon(ICONS.search), search.element),
    el('div', { class: 'kg-tools' }, drawerButton, modes, el('div', { class: 'kg-saving' }, saving, files), iconButton('Dark or light', ICONS.sun, toggleTheme)));
  return {
    element,
    focus: () => search.input.focus(),
    /** @param {import('../state.js').State} now */
    show: (now) => modes.querySelectorAll('button').forEach((each) => each.setAttribute('aria-pressed', String((each.dataset.table === 'true') === now.table))),
  };
}
