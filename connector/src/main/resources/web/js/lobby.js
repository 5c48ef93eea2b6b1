/** Before the meeting: name, and how one will be seen, before anybody else sees it. */

import {byId, showMessage} from './dom.js';

const NAME_KEY = 'tapedeck.name';

export class Lobby {
  #preview = byId('preview');
  #button = byId('join');

  /**
   * @param {{name: string, room: string, record: boolean}} invite without a name, the name given the last time is filled in
   * @param {() => void} onJoin
   */
  constructor({name, room, record}, onJoin) {
    byId('name').value = name || localStorage.getItem(NAME_KEY) || '';
    byId('lobby-title').textContent = room ? `Join “${room}”` : 'Join the meeting';
    byId('lobby-recorded').hidden = !record;
    this.#preview.muted = true;
    byId('join-form').addEventListener('submit', (event) => {
      event.preventDefault();
      onJoin();
    });
  }

  /** @returns {string} as typed, without space around it */
  get name() {
    const name = byId('name').value.trim();
    localStorage.setItem(NAME_KEY, name);
    return name;
  }

  /** @param {string} words why one cannot join now; empty when one can */
  wait(words) {
    this.#button.disabled = words !== '';
    this.#button.textContent = words || 'Join';
  }

  showProblem(words) {
    showMessage(byId('join-problem'), words);
  }

  /** @param {?MediaStreamTrack} video of the own camera */
  showPicture(video) {
    this.#preview.srcObject = video && new MediaStream([video]);
    byId('no-preview').hidden = video !== null;
  }
}
