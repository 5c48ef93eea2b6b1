/** Small helpers for the page's elements. Text from people only ever goes in as text, never as markup. */

/** @param {string} id @returns {any} the element; a page without it is broken, so this throws */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no element #${id}`);
  }
  return found;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] properties of the element, such as `className`; `data` holds data
 *   attributes, `aria` those of accessibility, `on` listeners
 * @param {...(Node | string | null)} children strings become text
 */
export function element(tag, {data = {}, aria = {}, on = {}, ...properties} = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  Object.entries(aria).forEach(([name, value]) => made.setAttribute(`aria-${name}`, value));
  Object.entries(on).forEach(([type, listener]) => made.addEventListener(type, listener));
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** @param {string} name of a symbol in `img/icons.svg` @returns {SVGElement} not read aloud */
export function icon(name) {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(namespace, 'use');
  use.setAttribute('href', `img/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Shows a text in an element meant for messages, or hides it when there is none. */
export function showMessage(target, text) {
  target.textContent = text;
  target.hidden = text === '';
}
