/** One rectangle of the grid: a picture, or initials where there is none, with the name below. */

import {element, icon} from './dom.js';
import {hueOf, initialsOf} from './person.js';

/** Sound above this level counts as speaking; 1 is the loudest the codec can carry. */
const SPEAKING_LEVEL = 0.01;

export class Tile {
  #video = element('video', {autoplay: true, playsInline: true});
  #initials = element('span', {className: 'tile-initials', aria: {hidden: 'true'}});
  #name = element('span', {className: 'tile-name'});
  #note = element('span', {className: 'tile-note'});
  #muted = element('span', {className: 'tile-muted', title: 'Microphone off', hidden: true}, icon('mic-off'));
  #receiver = null;

  /** @param {string} name @param {{isOwn?: boolean}} [options] the own tile is mirrored, and silent to its owner */
  constructor(name, {isOwn = false} = {}) {
    this.#initials.textContent = initialsOf(name);
    this.#name.textContent = isOwn ? `${name} (you)` : name;
    this.#video.muted = isOwn;
    this.root = element('li', {className: isOwn ? 'tile is-own' : 'tile'},
      this.#initials, this.#video, this.#note, element('span', {className: 'tile-label'}, this.#muted, this.#name));
    this.root.style.setProperty('--hue', String(hueOf(name)));
    this.#video.addEventListener('resize', () => {
      const isPortrait = this.#video.videoHeight > this.#video.videoWidth;
      this.root.classList.toggle('is-portrait', isPortrait);
    });
  }

  get video() {
    return this.#video;
  }

  /**
   * @param {object} media
   * @param {?MediaStreamTrack} media.audio
   * @param {?MediaStreamTrack} media.video
   * @param {string} [media.note] why there is no picture
   * @param {boolean} [media.isPictureOff] whether the initials are shown although there is a video track
   * @param {boolean} [media.isMuted] whether the microphone is known to be off
   * @param {?RTCRtpReceiver} [media.receiver] of the sound, to see who speaks
   */
  show({audio, video, note = '', isPictureOff = false, isMuted = false, receiver = null}) {
    this.#setTracks([audio, video].filter((track) => track !== null));
    this.#receiver = receiver;
    this.#video.hidden = video === null || isPictureOff;
    this.#note.textContent = note;
    this.#muted.hidden = !isMuted;
  }

  /** Lights the frame while this person speaks; to be called a few times a second. */
  showSpeaking() {
    const level = this.#receiver?.getSynchronizationSources()[0]?.audioLevel ?? 0;
    this.root.classList.toggle('is-speaking', level > SPEAKING_LEVEL);
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

  /** A new stream only for other tracks: setting the same one again would make the picture flicker. */
  #setTracks(tracks) {
    const current = this.#video.srcObject?.getTracks() ?? [];
    if (tracks.length === current.length && tracks.every((track) => current.includes(track))) {
      return;
    }
    this.#video.srcObject = tracks.length > 0 ? new MediaStream(tracks) : null;
  }
}
