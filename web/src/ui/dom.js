/** Making elements: texts go in as texts, never as markup; links lead to http(s) only. */

/**
 * @param {string} name
 * @param {Record<string, any>} [properties]  `class`, `on…` handlers, attributes; false, null and undefined are left out
 * @param {...(Node | string | number | null | undefined | false | (Node | string | null | undefined | false)[])} children
 * @returns {HTMLElement}
 */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key === 'value') /** @type {HTMLInputElement} */ (made).value = value;
    else if (key === 'checked') /** @type {HTMLInputElement} */ (made).checked = value;
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child === false || child === null || child === undefined) continue;
    made.append(typeof child === 'number' ? String(child) : child);
  }
  return made;
}

/** A link out of the page; plain text where the address is not one that may be followed. @param {string} url @param {string} [text] */
export function out(url, text = url) {
  if (!/^https?:\/\//i.test(url)) return el('span', { dir: 'auto' }, text);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', dir: 'auto', class: 'kg-out' }, text);
}

/** @param {string} path of a 20 × 20 drawing, in strokes */
export function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'kg-icon');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** @param {string} name @param {string} path @param {() => void} act @param {Record<string, any>} [more] */
export const iconButton = (name, path, act, more = {}) =>
  el('button', { type: 'button', class: 'kg-icon-button', 'aria-label': name, title: name, onclick: act, ...more }, icon(path));

export const ICONS = {
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7M10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5l1.3 1.3M14.2 14.2l1.3 1.3M4.5 15.5l1.3-1.3M14.2 5.8l1.3-1.3',
  save: 'M10 3v9M6.5 8.5L10 12l3.5-3.5M4 16h12',
  filter: 'M3 5h14M6 10h8M8.5 15h3',
  close: 'M5 5l10 10M15 5L5 15',
  search: 'M9 4a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12.8 12.8L17 17',
  up: 'M4 13l6-6l6 6',
  back: 'M9 4L3 10l6 6M3 10h14',
};

/** The mark of a kind: its shape in its colour. @param {string} kind */
export function mark(kind) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '-1.4 -1.4 2.8 2.8');
  svg.setAttribute('class', `kg-mark kg-kind-${kind}`);
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}
