/** Colours of the picture, light and dark: told apart by people with any colour vision (after Okabe and Ito). */

const LIGHT = {
  background: '#ffffff', ink: '#1b2430', soft: '#56616f', halo: '#ffffff', link: '#bcc7d2', faint: '#dde3ea', strong: '#5b6b7d',
  island: '#eef2f6', islandLine: '#d3dbe4', bridge: '#dde4eb', ring: '#1b2430',
  kinds: {
    category: '#4a5563', article: '#0072b2', fact: '#56b4e9', source: '#d55e00', organisation: '#b0609a',
    person: '#009e73', software: '#8a7400', entity: '#e69f00',
  },
};

const DARK = {
  background: '#11161d', ink: '#e8edf3', soft: '#a3afbd', halo: '#11161d', link: '#3d4957', faint: '#232c36', strong: '#8fa0b3',
  island: '#19212b', islandLine: '#2b3643', bridge: '#222c37', ring: '#ffffff',
  kinds: {
    category: '#aab5c2', article: '#4da3e0', fact: '#9ad4f5', source: '#ff8a3d', organisation: '#dd93c5',
    person: '#2cc896', software: '#e0cf4a', entity: '#f0b740',
  },
};

/** @typedef {typeof LIGHT} Colours */

/** @param {boolean} dark @returns {Colours} */
export const coloursOf = (dark) => (dark ? DARK : LIGHT);

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';
