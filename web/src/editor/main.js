/** Starts the editor: what is written, asked and shown; the address holds the query and the view. */
import { el } from '../ui/dom.js';
import { answers, words } from './answers.js';
import { ask, Refused } from './asking.js';
import { examples } from './examples.js';
import { termsOf } from './terms.js';
import { editor } from './writing.js';

const KEPT = 'kbgraph-query';
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string | null} [text] to keep */
function kept(text = null) {
  try {
    if (text === null) return localStorage.getItem(KEPT);
    localStorage.setItem(KEPT, text);
  } catch { /* a browser may keep nothing */ }
  return text;
}

async function start() {
  const form = /** @type {HTMLFormElement} */ (byId('_ask'));
  const field = /** @type {HTMLTextAreaElement} */ (byId('_query'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const status = byId('_status');
  const { vocabulary: address = '', endpoint = '' } = form.dataset;
  const vocabulary = await (await fetch(address)).json();
  const terms = termsOf(vocabulary, document.body.dataset.root || './');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  /** @type {AbortController | null} */ let asking = null;
  let asked = '';

  const last = kept();
  const state = () => new URLSearchParams(location.hash.slice(1));
  const go = (/** @type {Record<string, string>} */ parts) => {
    const hash = `#${new URLSearchParams(parts)}`;
    if (hash !== location.hash) history.pushState(null, '', hash);
  };
  const say = (/** @type {string} */ text, wrong = false) => {
    status.textContent = text;
    status.classList.toggle('wrong', wrong);
  };
  const said = (/** @type {{line: number, column: number, message: string}} */ { line, column, message }) =>
    say(line ? `Line ${line}, column ${column}: ${message}` : message, true);
  const failed = (/** @type {Error} */ error) => {
    const refused = error instanceof Refused ? error : new Refused(`The server cannot be reached: ${error.message}`);
    if (refused.line) writing.mark(refused);
    said(refused);
  };

  const shown = answers(byId('_answer'), { endpoint, terms, isDark, chosen: (view) => go({ query: asked, view }), failed });
  const run = async (/** @type {string} */ view = state().get('view') ?? 'table') => {
    if (asking) return asking.abort();
    const query = writing.text();
    const mine = new AbortController();
    [asking, asked] = [mine, query];
    button.textContent = 'Stop';
    say('Asking …');
    try {
      const answer = await ask(endpoint, query, mine.signal);
      say(words(answer));
      go({ query, view });
      shown.show(answer, query, view);
      const bar = /** @type {HTMLElement} */ (button.parentElement);
      if (byId('_answer').getBoundingClientRect().top > innerHeight * 0.7) bar.scrollIntoView({ block: 'start' });
    } catch (error) {
      shown.clear();
      if (mine.signal.aborted) say('Stopped.');
      else failed(/** @type {Error} */ (error));
    } finally {
      asking = null;
      button.textContent = 'Run';
    }
    return undefined;
  };
  const writing = editor(field, vocabulary, {
    run: () => void run(),
    change: () => kept(field.value),
    mistake: (mistake) => {
      if (mistake) said(mistake);
      else if (status.classList.contains('wrong')) say('');
    },
  });
  examples(byId('_examples'), (text) => {
    writing.write(text);
    say('');
    shown.clear();
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
  const open = () => {
    const query = state().get('query');
    if (query === null) return;
    if (query !== writing.text()) writing.write(query);
    void run(state().get('view') ?? 'table');
  };
  window.addEventListener('popstate', open);
  for (const change of [() => new MutationObserver(shown.recolour).observe(document.documentElement, { attributeFilter: ['data-theme'] }), () => dark.addEventListener('change', shown.recolour)]) change();

  if (state().has('query')) open();
  else if (!new URLSearchParams(location.search).has('example')) writing.write(last ?? field.value);
  /** @type {any} */ (globalThis).kbgraphEditor = { ...writing, graph: shown.graph };
}

start().catch((error) => byId('_status').replaceChildren(el('span', { class: 'wrong' }, `The editor could not be started: ${error.message}`)));
