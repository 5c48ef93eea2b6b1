/** What a manifest says, in words. Pure. */

import {formatCount, formatPlural, formatPpm, formatSpan, formatTime} from './format.js';

const CAUSES = {
  crash: 'the media server stopped unexpectedly',
  disk: 'its disk failed or was full',
  upload: 'the object store never got the data',
  queue: 'the recorder could not keep up',
  shed: 'load was shed',
  muted: 'the track was muted by an administrator',
  paused: 'the recording was paused',
};

const ENDS = {
  left: 'left',
  timed_out: 'connection lost',
  stop: 'recording stopped',
  empty: 'room was empty',
  room: 'room was closed',
  shutdown: 'server was shut down',
  crash: 'server stopped unexpectedly',
};

const STATES = {
  armed: {label: 'Waiting', tone: 'calm'},
  recording: {label: 'Recording', tone: 'live'},
  paused: {label: 'Paused', tone: 'calm'},
  closing: {label: 'Finishing', tone: 'calm'},
};

/**
 * What to say of a recording first: its verdict, or how far it is.
 *
 * @param {{state: string, verdict: ?string, gapCount?: number, gaps?: object[]}} recording
 * @returns {{label: string, tone: 'good' | 'warn' | 'calm' | 'live'}}
 */
export function verdictOf({state, verdict, gapCount, gaps}) {
  if (STATES[state]) {
    return STATES[state];
  }
  switch (verdict) {
    case 'complete':
      return {label: 'Complete', tone: 'good'};
    case 'partial': {
      const count = gapCount ?? gaps?.length;
      return {label: count ? `Partial, ${formatPlural(count, 'gap')}` : 'Partial', tone: 'warn'};
    }
    case 'empty':
      return {label: 'Empty', tone: 'calm'};
    default:
      return {label: verdict || state, tone: 'calm'};
  }
}

/** @param {{state: string}} recording @returns {boolean} whether more is to come */
export function isOpen({state}) {
  return state !== 'finalized';
}

/**
 * One gap as a sentence.
 *
 * @param {{peer: string, session: number, track: number, from: string, to: string, cause: string, packets: number}} gap
 * @param {{session: number, tracks: {number: number, name: string}[]}[]} sessions of the same manifest
 */
export function gapWords(gap, sessions, locale = undefined, timeZone = undefined) {
  const millis = new Date(gap.to) - new Date(gap.from);
  const when = millis > 0
    ? `for ${formatSpan(millis)} from ${formatTime(gap.from, locale, timeZone)}`
    : `from ${formatTime(gap.from, locale, timeZone)} on`;
  const packets = gap.packets > 0 ? ` (${formatPlural(gap.packets, 'packet')})` : '';
  const track = sessions.find(({session}) => session === gap.session)?.tracks
    .find(({number}) => number === gap.track)?.name;
  const what = gap.track === 0 ? 'everything' : track ?? `track ${gap.track}`;
  return `${gap.peer}: ${what} is missing ${when}${packets}, because ${CAUSES[gap.cause] ?? `of “${gap.cause}”`}.`;
}

/** @param {string} end how a session ended */
export function endWords(end) {
  return ENDS[end] ?? end.replaceAll('_', ' ');
}

/** @param {{name: string, rid: string}} track @returns {string} with its simulcast layer, if it has one */
export function trackWords({name, rid}) {
  return rid ? `${name} (layer ${rid})` : name;
}

/**
 * What the network delivered.
 *
 * @param {?{received: number, expected: number, repaired: number, lost: number, lostPpm: number,
 *   longestHoleMs: number}} reception absent while nobody has reported
 * @returns {{packets: string, repaired: string, lost: string, hole: string}}
 */
export function receptionWords(reception, locale = undefined) {
  if (!reception) {
    return {packets: '–', repaired: '–', lost: '–', hole: '–'};
  }
  const {received, expected, repaired, lost, lostPpm, longestHoleMs} = reception;
  const ofAll = received === expected ? '' : ` of ${formatCount(expected, locale)}`;
  return {
    packets: `${formatCount(received, locale)}${ofAll}`,
    repaired: repaired === 0 ? 'none' : formatCount(repaired, locale),
    lost: lost === 0 ? 'none' : `${formatCount(lost, locale)} (${formatPpm(lostPpm)})`,
    hole: longestHoleMs === 0 ? 'none' : formatSpan(longestHoleMs),
  };
}
