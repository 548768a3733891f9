/** The words for kinds and relations: in lists, in headings, and in sentences. */

/** @type {Record<string, [string, string]>} one, many */
export const KINDS = {
  category: ['Category', 'Categories'],
  article: ['Article', 'Articles'],
  fact: ['Fact', 'Facts'],
  source: ['Source', 'Sources'],
  organisation: ['Organisation', 'Organisations'],
  person: ['Person', 'People'],
  software: ['Software', 'Software'],
  entity: ['Entity', 'Entities'],
};

/** @type {Record<string, {heading: [string, string], verb: [string, string]}>} each forwards and backwards */
const RELATIONS = {
  about: { heading: ['Category', 'Articles'], verb: ['belongs to', 'is the category of'] },
  within: { heading: ['Part of', 'Has parts'], verb: ['is part of', 'contains'] },
  states: { heading: ['Facts', 'Stated in'], verb: ['states', 'is stated in'] },
  'rests on': { heading: ['Rests on', 'Facts that rest on it'], verb: ['rests on', 'supports'] },
  cites: { heading: ['Sources', 'Cited by'], verb: ['cites', 'is cited by'] },
  'links to': { heading: ['Links to', 'Linked from'], verb: ['links to', 'is linked from'] },
  translates: { heading: ['Translation of', 'Translations'], verb: ['translates', 'is translated by'] },
  mentions: { heading: ['Mentions', 'Mentioned in'], verb: ['mentions', 'is mentioned in'] },
  'written by': { heading: ['Authors', 'Wrote'], verb: ['was written by', 'wrote'] },
  'published by': { heading: ['Published by', 'Published'], verb: ['was published by', 'published'] },
  'same as': { heading: ['Same work as', 'Same work as'], verb: ['is the same work as', 'is the same work as'] },
  'contributed by': { heading: ['Contributors', 'Contributed to'], verb: ['has a contribution by', 'contributed to'] },
  'checked by': { heading: ['Checked by', 'Checked'], verb: ['was checked by', 'checked'] },
  'made with': { heading: ['Made with', 'Used to make'], verb: ['was made with', 'was used to make'] },
};

/** @param {string} kind @param {number} count */
export const kindWord = (kind, count = 1) => (KINDS[kind] ?? [kind, kind])[count === 1 ? 0 : 1];

/** @param {string} relation @param {boolean} inverse */
export const heading = (relation, inverse) => RELATIONS[relation]?.heading[inverse ? 1 : 0] ?? relation;

/** @param {string} relation @param {boolean} inverse */
export const verb = (relation, inverse) => RELATIONS[relation]?.verb[inverse ? 1 : 0] ?? relation;

/** @param {number} count */
export const number = (count) => count.toLocaleString('en');

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** @param {number | null} year */
export const yearWord = (year) => (year === null ? '' : year < 0 ? `${-year} BC` : String(year));

/** @param {string} text @param {number} most */
export const shortened = (text, most) => {
  const letters = Array.from(text.length > most * 2 ? text.slice(0, most * 2) : text);
  return letters.length > most ? `${letters.slice(0, most - 1).join('').trimEnd()}…` : letters.join('');
};

/** @param {string} text @returns {string} without case and accents, to compare by */
export const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
