import assert from 'node:assert/strict';
import {test} from 'node:test';
import {applyRoomEvent, EMPTY_ROOM, peersOf} from '../../../main/resources/web/js/room-state.js';
import {assignSeats, slotsOf, viewsOf} from '../../../main/resources/web/js/seats.js';

const AUDIO = {kind: 'audio', codec: 'opus'};
const VIDEO = {kind: 'video', codec: 'VP8'};

function after(...events) {
  return events.reduce((state, [type, data]) => applyRoomEvent(state, type, data), EMPTY_ROOM);
}

function peer(name, tracks = {audio_main: AUDIO, video_main: VIDEO}) {
  return {peer: name, tracks: new Map(Object.entries(tracks))};
}

const joined = (name, session) => ['peer_joined', {peer: name, session}];
const started = (name, session, track, {kind, codec}) =>
  ['track_started', {peer: name, session, name: track, kind, codec}];

test('a snapshot replaces all that was known', () => {
  const state = after(joined('old', 1), ['snapshot', {
    room: 'r', recording: {id: 5, state: 'recording'},
    peers: [{peer: 'a', session: 2, tracks: [{name: 'audio_main', ...AUDIO}]}, {peer: 'b', session: 3}],
  }]);
  assert.deepEqual(peersOf(state), [peer('a', {audio_main: AUDIO}), peer('b', {})]);
  assert.deepEqual(state.recording, {id: 5, state: 'recording'});
});

test('people and tracks come and go', () => {
  const events = [joined('a', 1), started('a', 1, 'audio_main', AUDIO), started('a', 1, 'video_main', VIDEO)];
  assert.deepEqual(peersOf(after(...events)), [peer('a')]);
  const stopped = ['track_stopped', {peer: 'a', session: 1, name: 'video_main'}];
  assert.deepEqual(peersOf(after(...events, stopped)), [peer('a', {audio_main: AUDIO})]);
  assert.deepEqual(peersOf(after(...events, stopped, ['peer_left', {peer: 'a', session: 1}])), []);
});

test('a track may be told before its peer, and after its peer has left is nobody', () => {
  assert.deepEqual(peersOf(after(started('a', 1, 'video_main', VIDEO))), [peer('a', {video_main: VIDEO})]);
  assert.deepEqual(peersOf(after(['track_stopped', {peer: 'a', session: 1, name: 'video_main'}])), []);
});

test('a peer with two sessions is there once, until both have left', () => {
  const both = [joined('a', 1), started('a', 1, 'video_main', VIDEO), joined('b', 2), joined('a', 3),
    started('a', 3, 'video_main', {kind: 'video', codec: 'AV1'})];
  const names = (...events) => peersOf(after(...events)).map((each) => each.peer);
  assert.deepEqual(names(...both), ['a', 'b']);
  assert.equal(peersOf(after(...both))[0].tracks.get('video_main').codec, 'AV1');
  assert.deepEqual(names(...both, ['peer_left', {peer: 'a', session: 1}]), ['b', 'a']);
  assert.deepEqual(names(...both, ['peer_left', {peer: 'a', session: 1}], ['peer_left', {peer: 'a', session: 3}]), ['b']);
});

test('a recording is open between its events, and not while it closes', () => {
  assert.equal(after(['recording_started', {recording: 9}]).recording.id, 9);
  assert.equal(after(['recording_started', {recording: 9}], ['recording_stopped', {recording: 9}]).recording, null);
  assert.equal(after(['snapshot', {recording: {id: 9, state: 'closing'}}]).recording, null);
});

test('an unknown event changes nothing', () => {
  assert.equal(applyRoomEvent(EMPTY_ROOM, 'brand_new', {}), EMPTY_ROOM);
});

test('a view pairs sound and picture of one part', () => {
  const views = viewsOf([peer('a', {audio_main: AUDIO, video_2: VIDEO, video_main: VIDEO, audio_2: AUDIO}), peer('b', {})]);
  assert.deepEqual(views.map(({peer: who, part, audio, video}) => [who, part, audio, video]), [
    ['a', 'main', 'audio_main', 'video_main'], ['a', '2', 'audio_2', 'video_2'], ['b', 'main', null, null]]);
});

test('names that could be mistaken for each other have their own views', () => {
  const keys = viewsOf([peer('a'), peer('a","main')]).map(({key}) => key);
  assert.equal(new Set(keys).size, 2);
});

test('who sits keeps the seat, who comes takes the first free one', () => {
  const [a, b, c, d] = viewsOf(['a', 'b', 'c', 'd'].map((name) => peer(name)));
  const first = assignSeats([null, null, null], [a, b, c]);
  assert.deepEqual(first, {seats: [a, b, c], unseated: []});
  assert.deepEqual(assignSeats(first.seats, [a, c, d]), {seats: [a, d, c], unseated: []});
});

test('who finds no seat is named, and gets one when it is free', () => {
  const views = viewsOf(['a', 'b', 'c'].map((name) => peer(name)));
  const full = assignSeats([null, null], views);
  assert.deepEqual(full.unseated, [views[2]]);
  assert.deepEqual(assignSeats(full.seats, views.slice(1)), {seats: [views[2], views[1]], unseated: []});
});

test('a view without tracks takes no seat, and a new track reaches the seat', () => {
  const [silent] = viewsOf([peer('a', {})]);
  assert.deepEqual(assignSeats([null], [silent]), {seats: [null], unseated: []});
  const [speaking] = viewsOf([peer('a', {audio_main: AUDIO})]);
  const [seen] = viewsOf([peer('a')]);
  const {seats} = assignSeats([speaking], [seen]);
  assert.equal(seats[0].video, 'video_main');
});

test('no order of coming and going loses a seat or gives one twice', () => {
  let seed = 20_260_102;
  const random = (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  let present = [];
  let seats = Array(4).fill(null);
  for (let step = 0; step < 5_000; step++) {
    const name = `p${random(9)}`;
    present = present.includes(name) ? present.filter((each) => each !== name) : [...present, name];
    const before = seats;
    const {seats: now, unseated} = assignSeats(seats, viewsOf(present.map((each) => peer(each))));
    const seated = now.filter((seat) => seat !== null).map((seat) => seat.peer);
    assert.deepEqual([...seated, ...unseated.map((view) => view.peer)].sort(), [...present].sort(), `step ${step}`);
    assert.equal(seated.length, Math.min(4, present.length), `step ${step}`);
    before.forEach((seat, at) => seat && present.includes(seat.peer) && assert.equal(now[at].peer, seat.peer));
    seats = now;
  }
});

test('the slots name every m-line of the pool', () => {
  const [a, b] = viewsOf([peer('a'), peer('b', {audio_main: AUDIO})]);
  const mids = [{audio: '0', video: '1'}, {audio: '2', video: '3'}, {audio: '4', video: '5'}];
  assert.deepEqual(slotsOf([a, b, null], mids), [
    {mid: '0', peer: 'a', track: 'audio_main'}, {mid: '1', peer: 'a', track: 'video_main'},
    {mid: '2', peer: 'b', track: 'audio_main'}, {mid: '3', peer: null},
    {mid: '4', peer: null}, {mid: '5', peer: null}]);
});
