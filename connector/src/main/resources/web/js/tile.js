/** One rectangle of the grid: a picture, or initials where there is none, with the name and what goes with it below. */

import {element, icon} from './dom.js';
import {signalWords} from './meeting-words.js';
import {hueOf, initialsOf} from './person.js';
import {barsOf} from './signal.js';

export class Tile {
  #video = element('video', {autoplay: true, playsInline: true});
  #initials = element('span', {className: 'tile-initials', aria: {hidden: 'true'}});
  #name = element('span', {className: 'tile-name'});
  #note = element('span', {className: 'tile-note'});
  #muted = element('span', {className: 'tile-muted', title: 'Microphone off', hidden: true},
    icon('mic-off'), element('span', {className: 'unseen', textContent: 'microphone off'}));
  #signal = element('span', {className: 'signal', role: 'img', hidden: true},
    element('i'), element('i'), element('i'));
  #speaking = element('span', {className: 'unseen'});
  #isOwn;

  /**
   * @param {string} name
   * @param {{isOwn?: boolean, isScreen?: boolean}} [options] the own tile is mirrored, and silent to its owner
   */
  constructor(name, {isOwn = false, isScreen = false} = {}) {
    this.#isOwn = isOwn;
    this.#initials.textContent = isScreen ? '' : initialsOf(name);
    this.#initials.hidden = isScreen;
    this.#name.textContent = isOwn ? `${name} (you)` : name;
    this.#video.muted = isOwn;
    this.#video.setAttribute('aria-label', isScreen ? name : `Picture of ${name}`);
    this.root = element('li', {className: `tile${isOwn ? ' is-own' : ''}${isScreen ? ' is-screen' : ''}`},
      this.#initials, this.#video, this.#note,
      element('span', {className: 'tile-label'}, this.#muted, this.#name, this.#signal, this.#speaking));
    this.root.style.setProperty('--hue', String(hueOf(name)));
    this.#video.addEventListener('resize', () => {
      const isPortrait = this.#video.videoHeight > this.#video.videoWidth;
      this.root.classList.toggle('is-portrait', isPortrait);
    });
  }

  /**
   * @param {object} media
   * @param {?MediaStreamTrack} media.audio
   * @param {?MediaStreamTrack} media.video
   * @param {string} [media.note] why there is no picture
   * @param {boolean} [media.isMuted] whether the microphone is off
   * @param {boolean} [media.isSpeaking]
   * @param {?string} [media.signal] how good the person's connection is; null while that is unknown
   */
  show({audio, video, note = '', isMuted = false, isSpeaking = false, signal = null}) {
    this.#setTracks([audio, video].filter((track) => track !== null));
    this.#video.hidden = video === null;
    this.#note.textContent = note;
    this.#muted.hidden = !isMuted;
    this.root.classList.toggle('is-speaking', isSpeaking);
    this.#speaking.textContent = isSpeaking ? 'speaking' : '';
    this.#showSignal(signal);
  }

  /** @param {string} id of an output device; empty for the browser's choice */
  setSpeaker(id) {
    this.#video.setSinkId?.(id).catch(() => {}); // a device that has gone: sound stays where it was
  }

  /**
   * The colour in the picture as it is decoded, for tests.
   *
   * @param {number} x 0 at the left up to 1 @param {number} y 0 at the top up to 1
   * @returns {?number[]} red, green, blue; null while there is no picture
   */
  colourAt(x, y) {
    const {videoWidth, videoHeight} = this.#video;
    if (this.#video.hidden || videoWidth === 0 || this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      return null;
    }
    const context = element('canvas', {width: 1, height: 1}).getContext('2d');
    context.drawImage(this.#video, x * (videoWidth - 1), y * (videoHeight - 1), 1, 1, 0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  remove() {
    this.#video.srcObject = null;
    this.root.remove();
  }

  #showSignal(signal) {
    this.#signal.hidden = signal === null;
    if (signal !== null && this.#signal.dataset.signal !== signal) {
      const words = signalWords(signal, this.#isOwn);
      Object.assign(this.#signal.dataset, {signal, bars: String(barsOf(signal))});
      this.#signal.title = words;
      this.#signal.setAttribute('aria-label', words);
    }
  }

  /** A new stream only for other tracks: setting the same one again would make the picture flicker. */
  #setTracks(tracks) {
    const current = this.#video.srcObject?.getTracks() ?? [];
    if (tracks.length === current.length && tracks.every((track) => current.includes(track))) {
      return;
    }
    this.#video.srcObject = tracks.length > 0 ? new MediaStream(tracks) : null;
  }
}
