/** The grid of a running meeting: one tile per view, made and removed as people come and go. */

import {byId, element} from './dom.js';
import {gridFor} from './grid.js';
import {Tile} from './tile.js';
import {SCREEN} from './views.js';

const GAP_PIXELS = 12;

export class Stage {
  /** @type {Map<string, {tile: Tile, peer: string, part: string}>} */
  #tiles = new Map();
  #root = byId('stage');
  #list = byId('tiles');
  #more = element('li', {className: 'tile is-more'});
  #own;
  #ownPeer;
  #speaker = '';

  /** @param {string} name of the own person, as typed @param {string} ownPeer the same as the server names it */
  constructor(name, ownPeer) {
    this.#ownPeer = ownPeer;
    this.#own = new Tile(name, {isOwn: true});
    this.#list.replaceChildren(this.#own.root);
    new ResizeObserver(() => this.#layOut()).observe(this.#root);
  }

  /** @param {{video: ?MediaStreamTrack, isMuted: boolean, signal: string}} media of the own camera and microphone */
  showOwn({video, isMuted, signal}) {
    this.#own.show({audio: null, video, isMuted, signal});
  }

  /** @param {import('./meeting.js').Meeting} meeting */
  show(meeting) {
    const keys = new Set(meeting.views.map(({key}) => key));
    for (const [key, {tile}] of this.#tiles) {
      if (!keys.has(key)) {
        tile.remove();
        this.#tiles.delete(key);
      }
    }
    meeting.views.forEach((view) => this.#tileOf(view).show(describe(view, meeting.mediaOf(view))));
    this.#list.classList.toggle('has-screen', meeting.views.some(({part}) => part === SCREEN));
    this.#showMore(meeting.unseated);
    this.#layOut();
  }

  /** Plays all sound there. @param {string} id of an output device; empty for the browser's choice */
  setSpeaker(id) {
    this.#speaker = id;
    this.#tiles.forEach(({tile}) => tile.setSpeaker(id));
  }

  /**
   * Colours of all pictures, for tests.
   *
   * @returns {{peer: string, part: string, isOwn: boolean, colour: ?number[]}[]}
   */
  colours(x = 0.5, y = 0.5) {
    const others = [...this.#tiles.values()].map(({tile, peer, part}) => (
      {peer, part, isOwn: false, colour: tile.colourAt(x, y)}));
    return [{peer: this.#ownPeer, part: 'main', isOwn: true, colour: this.#own.colourAt(x, y)}, ...others];
  }

  #tileOf({key, peer, part}) {
    let entry = this.#tiles.get(key);
    if (!entry) {
      const isScreen = part === SCREEN;
      entry = {tile: new Tile(nameOf(peer, part), {isScreen}), peer, part};
      Object.assign(entry.tile.root.dataset, {peer, part});
      entry.tile.setSpeaker(this.#speaker);
      this.#tiles.set(key, entry);
      if (isScreen) {
        this.#list.prepend(entry.tile.root);
      } else {
        this.#list.append(entry.tile.root);
      }
    }
    return entry.tile;
  }

  #showMore(unseated) {
    this.#more.remove();
    if (unseated.length > 0) {
      this.#more.textContent = `and ${unseated.length} more`;
      this.#more.title = unseated.map(({peer}) => peer).join(', ');
      this.#list.append(this.#more);
    }
  }

  /** On narrow screens, and beside a shared screen, the style sheet lays them out. */
  #layOut() {
    const {clientWidth, clientHeight} = this.#root;
    const {tileWidth} = gridFor(this.#list.children.length, clientWidth, clientHeight, GAP_PIXELS);
    this.#list.style.setProperty('--tile-width', `${tileWidth}px`);
    this.#list.style.setProperty('--stage-height', `${clientHeight}px`);
  }
}

function nameOf(peer, part) {
  switch (part) {
    case 'main':
      return peer;
    case SCREEN:
      return `Screen of ${peer}`;
    default:
      return `${peer} · ${part}`;
  }
}

function describe({part, audio}, {isWaiting, ...media}) {
  return {...media, note: isWaiting ? 'Waiting for the picture…' : '', isMuted: part === 'main' && audio === null};
}
