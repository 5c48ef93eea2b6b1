/** Microphone, camera and speaker as chosen in three lists, first in the lobby, then in the meeting's dialog. */

import {byId, element, showMessage} from './dom.js';
import {canChooseSpeaker, listDevices, openDevice} from './media-devices.js';

const KINDS = ['audio', 'video'];

export class DeviceChoice {
  /** What is open now. @type {{audio: ?MediaStreamTrack, video: ?MediaStreamTrack}} */
  tracks = {audio: null, video: null};

  #fields = byId('device-fields');
  #selects = {audio: byId('microphone'), video: byId('camera')};
  #speaker = byId('speaker');
  #problems = {audio: '', video: ''};
  #wishes;
  #isOver = false;
  #onTrack;

  /**
   * @param {{isSmall: boolean, isOriginalSound: boolean}} wishes of every camera and microphone
   * @param {(kind: 'audio' | 'video') => void} onTrack another track of the kind, or none
   * @param {(id: string) => void} onSpeaker another speaker; empty for the browser's choice
   */
  constructor(wishes, onTrack, onSpeaker) {
    this.#wishes = wishes;
    this.#onTrack = onTrack;
    for (const kind of KINDS) {
      this.#selects[kind].addEventListener('change', () => this.open(kind));
    }
    byId('speaker-field').hidden = !canChooseSpeaker;
    this.#speaker.addEventListener('change', () => onSpeaker(this.#speaker.value));
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#list());
  }

  /** Asks for one after the other: who has only one of them can still take part. */
  async openAll() {
    await this.open('audio', '');
    await this.open('video', '');
  }

  /**
   * Opens a device in place of what is open; what was muted stays so.
   *
   * @param {'audio' | 'video'} kind
   * @param {string} [choice] its id, `none`, or empty for the browser's choice
   */
  async open(kind, choice = this.#selects[kind].value) {
    const isMuted = this.tracks[kind]?.enabled === false;
    this.#stop(kind);
    const {track, problem} = choice === 'none'
      ? {track: null, problem: ''}
      : await openDevice(kind, choice, this.#wishes);
    this.#stop(kind); // another was opened meanwhile
    if (this.#isOver) {
      track?.stop();
      return;
    }
    this.tracks[kind] = track;
    if (track && isMuted) {
      track.enabled = false;
    }
    track?.addEventListener('ended', () => this.#onEnded(kind, track));
    this.#tell(kind, problem);
    await this.#list();
  }

  /** Opens a device although none was chosen. @param {'audio' | 'video'} kind */
  turnOn(kind) {
    const {value} = this.#selects[kind];
    return this.open(kind, value === 'none' ? '' : value);
  }

  /** @param {'audio' | 'video'} kind */
  close(kind) {
    this.#stop(kind);
    this.#tell(kind, '');
  }

  /** For good: also what is being opened just now. */
  closeAll() {
    this.#isOver = true;
    KINDS.forEach((kind) => this.#stop(kind));
  }

  /** @param {Element} parent where the lists stand from now on */
  moveTo(parent) {
    parent.prepend(this.#fields);
  }

  #stop(kind) {
    this.tracks[kind]?.stop();
    this.tracks[kind] = null;
  }

  #onEnded(kind, track) {
    if (this.tracks[kind] === track) {
      this.tracks[kind] = null;
      this.#tell(kind, `Your ${kind === 'video' ? 'camera' : 'microphone'} has stopped: is it unplugged?`);
    }
  }

  #tell(kind, problem) {
    this.#problems[kind] = problem;
    showMessage(byId('device-problem'), this.problem);
    this.#onTrack(kind);
  }

  /** In words; empty when all is well. */
  get problem() {
    return Object.values(this.#problems).filter((text) => text !== '').join('. ');
  }

  async #list() {
    for (const kind of KINDS) {
      const devices = await listDevices(`${kind}input`);
      const used = this.tracks[kind]?.getSettings().deviceId ?? this.#selects[kind].value;
      fill(this.#selects[kind], [...devices, {id: 'none', label: 'None'}], used);
    }
    const speakers = await listDevices('audiooutput');
    const choices = speakers.length > 0 ? speakers : [{id: '', label: 'As the system has it'}];
    fill(this.#speaker, choices, this.#speaker.value);
  }
}

function fill(select, choices, chosen) {
  select.replaceChildren(...choices.map(({id, label}) => (
    element('option', {value: id, textContent: label, selected: id === chosen}))));
}
