/** The bearer of the pages about recordings: comes in the address once, stays in this tab, leaves with it. */

import {byId, showMessage} from './dom.js';

const STORAGE_KEY = 'tapedeck.token';

/**
 * Takes a token out of the address, so that it is in no bookmark, history or screenshot.
 *
 * @returns {string} the token of this tab, empty if there is none
 */
export function takeToken() {
  const values = new URLSearchParams(location.hash.slice(1));
  const given = values.get('token');
  if (given) {
    sessionStorage.setItem(STORAGE_KEY, given);
    values.delete('token');
    const rest = values.toString();
    history.replaceState(null, '', location.pathname + location.search + (rest && `#${rest}`));
  }
  return sessionStorage.getItem(STORAGE_KEY) ?? '';
}

/**
 * Asks for a token in the page's form `#access`.
 *
 * @param {string} problem why the one at hand does not do; empty if there is none
 * @param {(token: string) => void} onToken
 */
export function askForToken(problem, onToken) {
  const form = byId('access');
  sessionStorage.removeItem(STORAGE_KEY);
  showMessage(byId('access-problem'), problem);
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    const token = byId('access-token').value.trim();
    byId('access-token').value = '';
    sessionStorage.setItem(STORAGE_KEY, token);
    form.hidden = true;
    onToken(token);
  };
  byId('access-token').focus();
}
