/** How a person without a picture looks. Pure. */

/** @param {string} name @returns {string} one or two letters, as a reader of the script counts them */
export function initialsOf(name) {
  const words = name.trim().split(/[\s._-]+/u).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map(firstLetter).join('').toLocaleUpperCase() || '?';
}

/** @param {string} name @returns {number} degrees on the colour wheel, the same for the same name */
export function hueOf(name) {
  let hash = 0;
  for (const character of name) {
    hash = (hash * 31 + character.codePointAt(0)) % 3_600;
  }
  return hash / 10;
}

function firstLetter(word) {
  return new Intl.Segmenter(undefined, {granularity: 'grapheme'}).segment(word)[Symbol.iterator]().next().value.segment;
}
