/** An answer as bars: a column of numbers, named by another column. */
import { number, shortened } from '../data/words.js';
import { el } from '../ui/dom.js';
import { numberOf } from './terms.js';

/** How many bars are drawn. */
const BARS = 80;
/** Pixels: a row, its bar, what lies between a bar and a word, a letter at most. */
const [ROW, BAR, GAP, LETTER] = [28, 18, 8, 7.4];

/** @param {import('./asking.js').Answer} answer @returns {string[]} the columns that hold numbers alone */
export const numericOf = ({ names, rows }) =>
  names.filter((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || Number.isFinite(numberOf(row[name]))));

/** The column by which the answer is sorted, the largest first; otherwise the last. @param {import('./asking.js').Answer} answer @param {string[]} numeric */
const lengthOf = ({ rows }, numeric) => numeric.find((name) => {
  const values = rows.map((row) => numberOf(row[name]));
  return values[0] > /** @type {number} */ (values.at(-1)) && values.every((value, n) => n === 0 || value <= values[n - 1]);
}) ?? /** @type {string} */ (numeric.at(-1));

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function drawn(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {{name: string, value: number}[]} bars @param {number} width @param {string} title */
function picture(bars, width, title) {
  const narrow = width < 560;
  const longest = Math.max(...bars.map((bar) => bar.name.length));
  const [names, numbers] = [narrow ? 0 : Math.min(320, width * 0.36, longest * LETTER + 2 * GAP), 64];
  const row = narrow ? ROW + 20 : ROW;
  const values = bars.map((bar) => bar.value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = width - names - numbers - (low < 0 ? numbers : 0);
  const at = (/** @type {number} */ value) => names + (low < 0 ? numbers : 0) + ((value - low) / (high - low || 1)) * room;
  const svg = drawn('svg', { width, height: bars.length * row + 8, viewBox: `0 0 ${width} ${bars.length * row + 8}`, role: 'img', 'aria-label': title });
  svg.append(drawn('line', { class: 'zero', x1: at(0), x2: at(0), y1: 0, y2: bars.length * row + 8 }));
  bars.forEach(({ name, value }, n) => {
    const top = n * row + (narrow ? 24 : 8);
    const middle = top + BAR / 2;
    const [x, length] = [Math.min(at(0), at(value)), Math.abs(at(value) - at(0))];
    const most = Math.floor((narrow ? width : names) / LETTER);
    const bar = drawn('rect', { class: 'bar', x, y: top, width: Math.max(1, length), height: BAR, rx: 3 });
    bar.append(drawn('title', {}, `${name}: ${number(value)}`));
    svg.append(
      drawn('text', narrow ? { x: 0, y: top - 7 } : { x: names - GAP, y: middle, 'text-anchor': 'end', 'dominant-baseline': 'central' }, shortened(name, most)),
      bar,
      drawn('text', { class: 'value', x: value < 0 ? x - GAP : x + length + GAP, y: middle, 'text-anchor': value < 0 ? 'end' : 'start', 'dominant-baseline': 'central' }, number(value)));
  });
  return svg;
}

/** @param {import('./asking.js').Answer} answer @param {import('./terms.js').Terms} terms */
export function chartOf(answer, terms) {
  const numeric = numericOf(answer);
  const { rows } = answer;
  // Words name a bar better than IRIs, these better than numbers.
  const worth = (/** @type {string} */ name) => (rows.some((row) => row[name]?.type === 'literal' && !numeric.includes(name)) ? 0 : numeric.includes(name) ? 2 : 1);
  const naming = [...answer.names].sort((a, b) => worth(a) - worth(b));
  const choice = (/** @type {string} */ label, /** @type {string[]} */ names, /** @type {string} */ first) => {
    const select = /** @type {HTMLSelectElement} */ (el('select', { onchange: () => draw() }, names.map((name) => el('option', { value: name, selected: name === first }, name))));
    return { select, element: el('label', {}, `${label} `, select) };
  };
  const length = lengthOf(answer, numeric);
  const [value, label] = [choice('Length', numeric, length), choice('Name', answer.names, naming.find((name) => name !== length) ?? length)];
  const place = el('div', { class: 'bars' });
  const draw = () => {
    const [by, as] = [value.select.value, label.select.value];
    const bars = rows.filter((row) => row[by]).slice(0, BARS).map((row) => {
      const term = row[as];
      return { name: term ? (term.type === 'uri' ? terms.last(term.value) : term.value) : '', value: numberOf(row[by]) };
    });
    place.replaceChildren(picture(bars, Math.max(240, place.clientWidth), `${by} by ${as}`));
  };
  const watch = new ResizeObserver(() => (place.isConnected ? draw() : watch.disconnect()));
  watch.observe(place);
  return el('div', {},
    el('p', { class: 'choices' }, value.element, label.element, rows.length > BARS && el('span', { class: 'quiet' }, `The first ${BARS} of ${number(rows.length)} rows`)),
    place);
}
