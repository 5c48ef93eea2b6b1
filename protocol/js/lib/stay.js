/** What an application has to say to enter a room. */

import {requireCount, requireText, requireThat, requireTracks} from './checks.js';

/** @param {import('../tapedeck.js').ConnectOptions} options */
export function requireOptions(options) {
  requireStay(options);
  if (options.mixer) {
    const {outputs, mode = 'auto', sources = []} = options.mixer;
    requireCount('mixer.outputs', outputs, 1);
    requireThat(['auto', 'manual'].includes(mode), `mixer.mode is auto or manual, not ${mode}`);
    requireTracks('mixer.sources', sources);
  }
}

/** @param {import('../tapedeck.js').Stay} stay */
export function requireStay({room, peer, token, metadata} = {}) {
  const problems = [
    ...typeof room === 'string' && room ? [] : ['room'],
    ...typeof peer === 'string' && peer ? [] : ['peer'],
    ...typeof token === 'string' && token || typeof token === 'function' ? [] : ['token'],
  ];
  requireThat(problems.length === 0, `${problems.join(', ')} must be given`);
  requireText('metadata', metadata);
}

/** As `session.RoomJoin`. @param {import('../tapedeck.js').Stay} stay @param {?import('./mixer.js').Mixer} mixer */
export function toJoin({room, peer, metadata, shows = {}, sees = {}}, mixer) {
  return {
    room,
    peer,
    publish: {peer: shows.peer ?? true, tracks: shows.tracks ?? true},
    subscribe: {peers: sees.peers ?? true, tracks: sees.tracks ?? true},
    features: mixer ? {mixer: mixer.toMessage()} : {},
    metadata,
  };
}
