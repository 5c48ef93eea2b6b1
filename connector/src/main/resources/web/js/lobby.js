/** Before the meeting: name, camera and microphone, each tried out before anybody else sees them. */

import {byId, element, showMessage} from './dom.js';
import {listDevices, openDevice} from './media-devices.js';

const NAME_KEY = 'tapedeck.name';

export class Lobby {
  /** What will be sent. */
  stream = new MediaStream();

  #preview = byId('preview');
  #selects = {audio: byId('microphone'), video: byId('camera')};
  #problems = {audio: '', video: ''};

  /** @param {string} name filled in; without one, the name given the last time */
  constructor(name) {
    byId('name').value = name || localStorage.getItem(NAME_KEY) || '';
    this.#preview.muted = true;
    for (const kind of ['video', 'audio']) {
      this.#selects[kind].addEventListener('change', () => this.#open(kind));
    }
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#list());
  }

  /** Asks for camera and microphone one after the other: who has only one of them can still take part. */
  async open() {
    await this.#open('audio');
    await this.#open('video');
    await this.#list();
  }

  /** @returns {string} as typed, without space around it */
  get name() {
    const name = byId('name').value.trim();
    localStorage.setItem(NAME_KEY, name);
    return name;
  }

  async #open(kind) {
    this.stream.getTracks().filter((track) => track.kind === kind).forEach((track) => {
      track.stop();
      this.stream.removeTrack(track);
    });
    const {value} = this.#selects[kind];
    if (value !== 'none') {
      const {track, problem} = await openDevice(kind, value);
      this.#problems[kind] = problem;
      if (track) {
        this.stream.addTrack(track);
      }
    } else {
      this.#problems[kind] = '';
    }
    this.#show();
  }

  async #list() {
    for (const [kind, select] of Object.entries(this.#selects)) {
      const devices = await listDevices(kind);
      const used = this.stream.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId;
      select.replaceChildren(
        ...devices.map(({id, label}) => element('option', {value: id, textContent: label, selected: id === used})),
        element('option', {value: 'none', textContent: 'None', selected: !used}));
    }
  }

  #show() {
    const hasPicture = this.stream.getVideoTracks().length > 0;
    this.#preview.srcObject = hasPicture ? new MediaStream(this.stream.getVideoTracks()) : null;
    byId('no-preview').hidden = hasPicture;
    showMessage(byId('device-problem'), Object.values(this.#problems).filter((text) => text !== '').join('. '));
  }
}
