import assert from 'node:assert/strict';
import {test} from 'node:test';
import {decode, encode} from '../lib/codec.js';
import {changes, Lines, SendLine} from '../lib/lines.js';

const bytes = (...values) => new Uint8Array(values);

test('unknown fields and values of later versions are read over', () => {
  const known = encode('session.ServerEvent.Receiver.State', {status: 7});
  const later = [...known, 0xfa, 0x7f, 2, 1, 2, 0xf9, 0x7f, ...Array(8).fill(1)];
  assert.deepEqual(decode('session.ServerEvent.Receiver.State', bytes(...later)), {status: 7});
});

test('what is no message is refused', () => {
  const wrongs = [[0x0a], [0x0a, 5, 1], [0x08, ...Array(11).fill(0xff)], [0x0b], [0x0a, 1, 0xff],
    [0x0a, ...Array(9).fill(0xff), 1]];
  for (const wrong of wrongs) {
    assert.throws(() => decode('shared.Receiver.Source', bytes(...wrong)), `${wrong}`);
  }
  assert.throws(() => encode('shared.Receiver.Source', {peeer: 'Ada'}), /no field peeer/);
  assert.throws(() => encode('shared.Sender.Config', {bitrate: 'ALL'}), /none of/);
});

test('10,000 damaged messages are read or refused, and never hang', () => {
  let state = 7;
  const random = (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const whole = encode('session.ServerEvent', {seq: 5, response: {reqId: 3, session: {sdp: {sdp: 'v=0'.repeat(30)}}}});
  for (let round = 0; round < 10_000; round++) {
    const damaged = whole.slice(0, random(whole.length) + 1);
    damaged[random(damaged.length)] = random(256);
    try {
      decode('session.ServerEvent', damaged);
    } catch (error) {
      assert.ok(error instanceof RangeError || error instanceof TypeError, `${error}`);
    }
  }
});

const WISH = {track: {id: 'camera'}, isScreen: false, metadata: null, config: {priority: 1, bitrate: 'MAX_BITRATE'}};

test('a sending line is attached, described, configured and detached', () => {
  const line = new SendLine('video_main', 'video', {}, WISH);
  const between = (before, after) => changes(line, before, after).map(({sender}) => Object.keys(sender)[1]);
  assert.deepEqual(between({...WISH, track: null}, WISH), ['attach']);
  assert.deepEqual(between(WISH, {...WISH, track: {id: 'other'}}), []);
  const other = {...WISH, metadata: 'x', config: {...WISH.config, priority: 2}};
  assert.deepEqual(between(WISH, other), ['describe', 'config']);
  assert.deepEqual(between(WISH, {...WISH, track: null}), ['detach']);
});

test('a receiving line that is free is used again', () => {
  const lines = new Lines(() => ({}));
  const first = lines.freeReceiver('video');
  first.owner = 'somebody';
  assert.equal(lines.freeReceiver('video').name, 'video_1');
  first.owner = null;
  assert.equal(lines.freeReceiver('video'), first);
  const source = {peer: 'Ada', track: 'video_main'};
  assert.deepEqual(changes(first, first.wish, {...first.wish, source}),
    [{receiver: {name: 'video_0', attach: {source, config: first.wish.config}}}]);
});
