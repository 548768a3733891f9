/** The field in which one writes: yasqe, with names of this graph to choose from, and mistakes marked where they are. */
import { Yasqe } from '@zazuko/yasqe';
import { number } from '../data/words.js';
import { el } from '../ui/dom.js';

/**
 * @typedef {[string, number]} Name  a class or property by its short name, and how often it is used
 * @typedef {{base: string, prefixes: Record<string, string>, classes: Name[], properties: Name[]}} Vocabulary
 * @typedef {{line: number, column: number, message: string}} Mistake  counted from 1
 */

/** How many names are offered at once. */
const OFFERED = 60;
/** Milliseconds without a key until a mistake is said in words. */
const PAUSE = 700;

// The completers that come with yasqe ask other hosts, all but that of variables.
const { variables } = Yasqe.Autocompleters;
Yasqe.Autocompleters = { variables };
Yasqe.defaults.autocompleters = ['variables', 'names', 'words'];

/** @param {Vocabulary} vocabulary */
function offer(vocabulary) {
  const of = (/** @type {string} */ kind, /** @type {Name[]} */ names) => names.map(([name, count]) => ({ name, note: `${kind}, ${number(count)}×` }));
  const [classes, properties] = [of('class', vocabulary.classes), of('property', vocabulary.properties)];
  const spaces = Object.entries(vocabulary.prefixes).map(([prefix, space]) => ({ name: `${prefix}:`, note: space }));
  const notes = new Map([...spaces, ...classes, ...properties].map(({ name, note }) => [name, note]));
  const before = (/** @type {any} */ yasqe) => {
    const { line } = yasqe.getDoc().getCursor();
    return yasqe.getPreviousNonWsToken(line, yasqe.getCompleteToken())?.string ?? '';
  };
  const register = (/** @type {string} */ name, /** @type {RegExp} */ wanted, /** @type {boolean} */ autoShow) => Yasqe.registerAutocompleter({
    name, autoShow, bulk: false,
    isValidCompletionPosition: (/** @type {any} */ yasqe) => wanted.test(yasqe.getCompleteToken().string),
    get(/** @type {any} */ yasqe, /** @type {any} */ token) {
      const text = token.string.trim().toLowerCase();
      const all = /^(a|rdf:type)$/.test(before(yasqe)) ? classes : [...spaces, ...properties, ...classes];
      const starting = all.filter((each) => each.name.toLowerCase().startsWith(text));
      const holding = all.filter((each) => !starting.includes(each) && each.name.toLowerCase().includes(text));
      return [...starting, ...holding].slice(0, OFFERED).map((each) => each.name);
    },
    postprocessHints: (/** @type {any} */ _, /** @type {any[]} */ hints) => hints.map((hint) => ({
      ...hint,
      render: (/** @type {HTMLElement} */ item) => item.append(hint.text, el('span', { class: 'quiet' }, notes.get(hint.text))),
    })),
  }, false);
  register('names', /^[A-Za-z][\w-]*:[\w-]*$/, true);
  register('words', /^([A-Za-z][\w-]*)?\s*$/, false);
}

/** The grammar of yasqe, which knows the prefixes that need no declaration here. @param {Record<string, string>} prefixes */
function grammar(prefixes) {
  Yasqe.defineMode('sparql', (/** @type {any} */ config) => {
    const mode = Yasqe.getMode(config, 'sparql11');
    return { ...mode, startState: () => ({ ...mode.startState(), prefixes: { ...prefixes } }) };
  });
}

/**
 * The editor in the place of a plain text field.
 *
 * @param {HTMLTextAreaElement} field
 * @param {Vocabulary} vocabulary
 * @param {{run: () => void, change: () => void, mistake: (mistake: Mistake | null) => void}} handlers
 */
export function editor(field, vocabulary, handlers) {
  offer(vocabulary);
  grammar(vocabulary.prefixes);
  const place = el('div', { class: 'writing' });
  field.before(place);
  const yasqe = /** @type {any} */ (new Yasqe(place, /** @type {any} */ ({
    value: '',
    mode: 'sparql',
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: 'auto',
    viewportMargin: Infinity,
    screenReaderLabel: 'Query',
    extraKeys: { 'Ctrl-Enter': handlers.run, 'Cmd-Enter': handlers.run, 'Ctrl-S': false, Tab: false, 'Shift-Tab': false },
  })));
  field.hidden = true;
  /** @type {any[]} */ let marks = [];
  let timer = 0;

  const mark = (/** @type {number} */ line, /** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ message) => {
    marks.push(yasqe.getDoc().markText({ line, ch: from }, { line, ch: Math.max(to, from + 1) }, { className: 'mistake', attributes: { title: message } }));
    yasqe.setGutterMarker(line, 'gutterErrorBar', el('span', { class: 'mistaken', title: message, 'aria-hidden': 'true' }, '●'));
  };
  const unmark = () => {
    yasqe.clearGutter('gutterErrorBar');
    marks.forEach((each) => each.clear());
    marks = [];
  };
  /** The first place that no query goes on from. @returns {Mistake | null} */
  const mistaken = () => {
    for (let line = 0; line < yasqe.getDoc().lineCount(); line += 1) {
      const wrong = yasqe.getLineTokens(line, true).find((/** @type {any} */ token) => token.state.OK === false);
      if (wrong) {
        const message = wrong.state.errorMsg ?? `“${wrong.string.trim()}” cannot stand here`;
        mark(line, wrong.start, wrong.end, message);
        return { line: line + 1, column: wrong.start + 1, message };
      }
    }
    return null;
  };
  // Its own would put markup with styles into the page, which the policy of the page forbids.
  yasqe.checkSyntax = () => {
    unmark();
    clearTimeout(timer);
    const found = mistaken();
    if (found) timer = window.setTimeout(() => handlers.mistake(found), PAUSE);
    else handlers.mistake(null);
  };
  yasqe.showNotification = () => {};
  yasqe.on('autocompletionShown', (/** @type {any} */ _, /** @type {any} */ widget) => widget.hints.setAttribute('aria-label', 'Names'));
  yasqe.on('change', () => {
    field.value = yasqe.getValue();
    handlers.change();
  });
  yasqe.setValue(field.value);
  yasqe.getDoc().clearHistory();

  return {
    text: () => /** @type {string} */ (yasqe.getValue()),
    /** @param {string} text */
    write: (text) => yasqe.setValue(text),
    focus: () => yasqe.focus(),
    /** Mark what the server has found. @param {Mistake} mistake */
    mark({ line, column, message }) {
      clearTimeout(timer);
      unmark();
      const token = yasqe.getTokenAt({ line: line - 1, ch: column }, true);
      mark(line - 1, column - 1, Math.max(token.end, column), message);
    },
    yasqe,
  };
}
