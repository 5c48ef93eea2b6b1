/** The grid of a running meeting: one tile per view, made and removed as people come and go. */

import {byId, element} from './dom.js';
import {gridFor} from './grid.js';
import {Tile} from './tile.js';

const SPEAKING_MILLIS = 200;
const GAP_PIXELS = 12;
const NOTES = {
  waiting: 'Waiting for the picture…',
  unsupported_codec: 'Your browser cannot play this picture',
};

export class Stage {
  /** @type {Map<string, {tile: Tile, peer: string, part: string}>} */
  #tiles = new Map();
  #root = byId('stage');
  #list = byId('tiles');
  #more = element('li', {className: 'tile is-more'});
  #own;
  #ownPeer;

  /** @param {string} name of the own person, as typed @param {string} ownPeer the same as the server names it */
  constructor(name, ownPeer) {
    this.#ownPeer = ownPeer;
    this.#own = new Tile(name, {isOwn: true});
    this.#list.replaceChildren(this.#own.root);
    new ResizeObserver(() => this.#layOut()).observe(this.#root);
    setInterval(() => this.#tiles.forEach(({tile}) => tile.showSpeaking()), SPEAKING_MILLIS);
  }

  /** @param {?MediaStreamTrack} video of the own camera */
  showOwn(video, {isCameraOff, isMuted}) {
    this.#own.show({audio: null, video, isPictureOff: isCameraOff, isMuted});
  }

  /** @param {import('./meeting.js').Meeting} meeting */
  show(meeting) {
    const unseated = new Set(meeting.unseated.map(({key}) => key));
    const shown = meeting.views.filter(({key}) => !unseated.has(key));
    const keys = new Set(shown.map(({key}) => key));
    for (const [key, {tile}] of this.#tiles) {
      if (!keys.has(key)) {
        tile.remove();
        this.#tiles.delete(key);
      }
    }
    shown.forEach((view) => this.#tileOf(view).show(describe(view, meeting.mediaOf(view))));
    this.#showMore(meeting.unseated);
    this.#layOut();
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
      entry = {tile: new Tile(part === 'main' ? peer : `${peer} · ${part}`), peer, part};
      this.#tiles.set(key, entry);
      this.#list.append(entry.tile.root);
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

  /** On narrow screens the style sheet makes one scrolling list of it. */
  #layOut() {
    const {clientWidth, clientHeight} = this.#root;
    const {tileWidth} = gridFor(this.#list.children.length, clientWidth, clientHeight, GAP_PIXELS);
    this.#list.style.setProperty('--tile-width', `${tileWidth}px`);
  }
}

function describe(view, {audio, video, videoState, receiver}) {
  return {audio, video, receiver, note: view.video === null ? '' : NOTES[videoState] ?? ''};
}
