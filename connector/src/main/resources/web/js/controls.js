/** The row of buttons below the stage. */

import {byId, icon} from './dom.js';
import {canShareScreen} from './media-devices.js';

const TOGGLES = {
  audio: {button: byId('toggle-microphone'), noun: 'microphone', on: 'mic', off: 'mic-off'},
  video: {button: byId('toggle-camera'), noun: 'camera', on: 'camera', off: 'camera-off'},
};
const NOTE_MILLIS = 4_000;

export class Controls {
  #screen = byId('toggle-screen');
  #note = byId('controls-note');
  #noteTimer = 0;

  /**
   * @param {object} does
   * @param {(kind: 'audio' | 'video') => void} does.onToggle
   * @param {() => void} does.onScreen
   * @param {() => void} does.onInvite
   * @param {() => void} does.onLeave
   */
  constructor({onToggle, onScreen, onInvite, onLeave}) {
    Object.entries(TOGGLES).forEach(([kind, {button}]) => button.addEventListener('click', () => onToggle(kind)));
    this.#screen.hidden = !canShareScreen;
    this.#screen.addEventListener('click', onScreen);
    byId('copy-link').addEventListener('click', onInvite);
    byId('leave').addEventListener('click', onLeave);
    const dialog = byId('devices');
    byId('open-devices').addEventListener('click', () => dialog.showModal());
    byId('close-devices').addEventListener('click', () => dialog.close());
  }

  /** @param {'audio' | 'video'} kind @param {boolean} isOn whether the device is sending */
  showDevice(kind, isOn) {
    const {button, noun, on, off} = TOGGLES[kind];
    if (button.dataset.isOn !== String(isOn)) {
      button.dataset.isOn = String(isOn);
      button.setAttribute('aria-pressed', String(!isOn));
      button.setAttribute('aria-label', kind === 'audio' ? 'Mute the microphone' : 'Turn the camera off');
      button.title = `Turn the ${noun} ${isOn ? 'off' : 'on'}`;
      button.querySelector('svg').replaceWith(icon(isOn ? on : off));
    }
  }

  showSharing(isSharing) {
    this.#screen.setAttribute('aria-pressed', String(isSharing));
    this.#screen.title = isSharing ? 'Stop sharing your screen' : 'Share your screen';
  }

  /** Says something for a moment. */
  note(words) {
    this.#note.textContent = words;
    clearTimeout(this.#noteTimer);
    this.#noteTimer = setTimeout(() => {
      this.#note.textContent = '';
    }, NOTE_MILLIS);
  }
}
