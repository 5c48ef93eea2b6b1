import assert from 'node:assert/strict';
import {test} from 'node:test';
import {QualityWatch} from '../lib/quality.js';
import {Roster} from '../lib/roster.js';
import {Speakers} from '../lib/speakers.js';
import {HandClock} from './hand-clock.mjs';

function roster() {
  const told = [];
  const roster = new Roster((event, {peer, name}) => told.push([event, peer ?? name, ...peer ? [name] : []].join(' ')));
  roster.own = 'me';
  return {roster, told};
}

const joined = (peer, metadata) => ({peerJoined: {peer, metadata}});
const started = (peer, track, kind = 'VIDEO') => ({trackStarted: {peer, track, kind}});

test('others come, send, stop and go; of ourselves nothing is told', () => {
  const {roster: room, told} = roster();
  [joined('me'), started('me', 'video_main'), joined('Ada', 'hello'), started('Ada', 'video_main'),
    {peerUpdated: {peer: 'Ada', metadata: 'hand raised'}}].forEach((event) => room.onEvent(event));
  assert.equal(room.peers.get('Ada').metadata, 'hand raised');
  assert.equal(room.peers.get('Ada').tracks.get('video_main').source, 'camera');
  room.onEvent({peerLeaved: {peer: 'Ada'}});
  assert.deepEqual(told,
    ['peer Ada', 'track Ada video_main', 'peerupdate Ada', 'trackend Ada video_main', 'peerleft Ada']);
  assert.equal(room.peers.size, 0);
});

test('a track is told before its peer is known, or without it', () => {
  const {roster: room, told} = roster();
  room.onEvent(started('Ada', 'audio_main', 'AUDIO'));
  room.onEvent(joined('Ada'));
  assert.deepEqual(told, ['peer Ada', 'track Ada audio_main']);
});

test('after a break only what has changed is told', () => {
  const {roster: room, told} = roster();
  [joined('Ada'), started('Ada', 'video_main'), started('Ada', 'video_screen'), joined('Bob')]
    .forEach((event) => room.onEvent(event));
  told.length = 0;
  room.doubt();
  [joined('Ada'), started('Ada', 'video_main'), joined('Eve')].forEach((event) => room.onEvent(event));
  room.settle();
  assert.deepEqual(told, ['peer Eve', 'trackend Ada video_screen', 'peerleft Bob']);
});

test('speakers are listed by loudness, and silent ones dropped', async () => {
  const clock = new HandClock();
  const lists = [];
  const speakers = new Speakers(clock.platform, (list) => lists.push(list.map(({peer}) => peer).join(' ')));
  speakers.hear('line 1', {peer: 'Ada', track: 'audio_main'}, -30);
  await clock.pass(1_000);
  speakers.hear('line 2', {peer: 'Bob', track: 'audio_main'}, -20);
  await clock.pass(499);
  assert.deepEqual(lists, ['Ada', 'Bob Ada']);
  await clock.pass(1);
  assert.deepEqual(lists, ['Ada', 'Bob Ada', 'Bob']);
  speakers.forget('line 2');
  assert.equal(lists.at(-1), '');
});

test('quality follows what is lost and how long a round trip takes', async () => {
  const clock = new HandClock();
  const grades = [];
  const watch = new QualityWatch(clock.platform, (quality) => grades.push(quality));
  const inbound = {type: 'inbound-rtp', packetsReceived: 0, packetsLost: 0};
  const pair = {id: 'p', type: 'candidate-pair', currentRoundTripTime: 0.02, bytesReceived: 0, bytesSent: 0};
  const report = new Map([['i', inbound], ['p', pair], ['t', {type: 'transport', selectedCandidatePairId: 'p'}]]);
  watch.watch({getStats: async () => report});

  Object.assign(inbound, {packetsReceived: 100, packetsLost: 0});
  pair.bytesReceived = 250_000;
  await clock.pass(2_000);
  assert.equal((await watch.stats()).incomingBitsPerSecond, 1_000_000);
  Object.assign(inbound, {packetsReceived: 180, packetsLost: 20});
  await clock.pass(2_000);
  assert.equal((await watch.stats()).lostIncoming, 0.2);
  Object.assign(inbound, {packetsReceived: 380, packetsLost: 20});
  pair.currentRoundTripTime = 0.4;
  await clock.pass(2_000);
  watch.watch(null);
  assert.deepEqual(grades, ['poor', 'fair', 'lost']);
  assert.equal((await watch.stats()).quality, 'lost');
});
