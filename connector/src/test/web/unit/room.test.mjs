import assert from 'node:assert/strict';
import {test} from 'node:test';
import {connectionWords, endWords, joinWords, recordingWords} from '../../../main/resources/web/js/meeting-words.js';
import {barsOf, signalOf} from '../../../main/resources/web/js/signal.js';
import {tracksOf, viewsOf} from '../../../main/resources/web/js/views.js';

function peer(name, ...tracks) {
  return {name, tracks: new Map(tracks.map((track) => [track, {kind: track.split('_')[0]}]))};
}

const source = (lost, roundTripMillis) => ({source: {lost, roundTripMillis}});

test('a view pairs sound and picture of one part, and everybody has one', () => {
  const {views} = viewsOf([peer('a', 'audio_main', 'video_2', 'video_main', 'audio_2'), peer('b')], 9);
  assert.deepEqual(views.map(({peer: who, part, audio, video}) => [who, part, audio, video]), [
    ['a', 'main', 'audio_main', 'video_main'], ['a', '2', 'audio_2', 'video_2'], ['b', 'main', null, null]]);
});

test('a shared screen comes first and keeps its place among the seats', () => {
  const {views, unseated} = viewsOf([peer('a', 'audio_main'), peer('b', 'video_main'), peer('c', 'video_screen')], 2);
  assert.deepEqual(views.map(({peer: who, part}) => [who, part]), [['c', 'screen'], ['a', 'main']]);
  assert.deepEqual(unseated.map(({peer: who}) => who), ['b', 'c']);
});

test('names that could be mistaken for each other have their own views', () => {
  const {views} = viewsOf([peer('a'), peer('a","main')], 9);
  assert.equal(new Set(views.map(({key}) => key)).size, 2);
});

test('the tracks of a view are those it has', () => {
  const [screen, main] = viewsOf([peer('a', 'audio_main', 'video_screen')], 9).views;
  assert.deepEqual(tracksOf(screen), [{peer: 'a', name: 'video_screen', kind: 'video'}]);
  assert.deepEqual(tracksOf(main), [{peer: 'a', name: 'audio_main', kind: 'audio'}]);
});

test('a signal is as good as its worst track, and unknown before the first figures', () => {
  assert.equal(signalOf([null, undefined, {source: null}]), null);
  assert.equal(signalOf([source(0, 20), null]), 'good');
  assert.equal(signalOf([source(0, 20), source(0.05, 20)]), 'fair');
  assert.equal(signalOf([source(0, 700), source(0.05, 20)]), 'poor');
  assert.deepEqual(['lost', 'poor', 'fair', 'good'].map(barsOf), [0, 1, 2, 3]);
});

test('the recording mark says who asked', () => {
  const recording = {state: 'recording', askedBy: 'Ada', isTapingMe: true};
  assert.equal(recordingWords(recording, 'Bob'), 'Recording, asked for by Ada');
  assert.equal(recordingWords(recording, 'Ada'), 'Recording, asked for by you');
  assert.equal(recordingWords({...recording, isTapingMe: false}, 'Bob'),
    'Recording, asked for by Ada. You are not on the tape');
  assert.equal(recordingWords({state: 'armed', askedBy: null, isTapingMe: false}, 'Bob'), 'Recording is about to begin');
  assert.equal(recordingWords({state: 'none', askedBy: null, isTapingMe: false}, 'Bob'), '');
});

test('people read why they cannot join, and why it ended', () => {
  assert.match(joinWords(Object.assign(new Error('it has expired'), {code: 'token_refused'})), /expired.*Ask for a new one/);
  assert.match(joinWords(Object.assign(new Error('no answer'), {code: 'unreachable'})), /Check the network/);
  assert.match(joinWords(Object.assign(new Error('x'), {isDenied: true, words: 'Token not accepted'})), /^Token not acc.*new inv/);
  assert.match(endWords({reason: 'refused', error: new Error('it has expired'), detail: ''}), /it has expired/);
  assert.match(connectionWords('reconnecting', new Error('no packet for 5 s'), true), /Reconnecting… \(no packet for 5 s\)/);
  assert.match(connectionWords('connected', null, true), /about to restart. You will be reconnected/);
  assert.equal(connectionWords('connected', null, false), '');
  assert.equal(endWords({reason: 'kicked', error: null, detail: ''}), 'You were removed from the meeting.');
  assert.equal(endWords({reason: 'room_closed', error: null, detail: 'Lunch!'}), 'The meeting was closed: Lunch!');
  assert.match(endWords({reason: 'gave_up', error: null, detail: ''}), /could not be restored/);
});
