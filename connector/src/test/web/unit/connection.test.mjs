import assert from 'node:assert/strict';
import {afterEach, beforeEach, mock, test} from 'node:test';
import {ApiError} from '../../../main/resources/web/js/api.js';
import {Backoff} from '../../../main/resources/web/js/backoff.js';
import {ConnectionKeeper} from '../../../main/resources/web/js/connection-keeper.js';
import {SlotSync} from '../../../main/resources/web/js/slot-sync.js';

/** Lets everything that waits for nothing but promises run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => mock.timers.enable({apis: ['setTimeout']}));
afterEach(() => mock.timers.reset());

class ScriptedResource {
  pc = Object.assign(new EventTarget(), {connectionState: 'new', iceConnectionState: 'new'});
  calls = [];

  constructor(failures = {}) {
    this.failures = failures;
  }

  async open() {
    this.#note('open');
  }

  async restart() {
    this.#note('restart');
  }

  async close() {
    this.calls.push('close');
  }

  become(connectionState, iceConnectionState = connectionState) {
    Object.assign(this.pc, {connectionState, iceConnectionState});
    this.pc.dispatchEvent(new Event('connectionstatechange'));
  }

  #note(call) {
    this.calls.push(call);
    if (this.failures[call]) {
      throw this.failures[call];
    }
  }
}

function keep(...resources) {
  const states = [];
  const rest = [...resources];
  const keeper = new ConnectionKeeper(() => rest.shift(), {onState: () => states.push(keeper.state)},
    new Backoff(1_000, 4_000, () => 0));
  return {keeper, states};
}

test('delays double up to the longest, and start over after a success', () => {
  const backoff = new Backoff(100, 1_000, () => 0);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.nextMillis()), [100, 200, 400, 800, 1_000, 1_000]);
  backoff.reset();
  assert.equal(backoff.nextMillis(), 100);
  assert.equal(new Backoff(100, 100, () => 1).nextMillis(), 75);
});

test('a short break heals without a restart', async () => {
  const resource = new ScriptedResource();
  const {keeper, states} = keep(resource);
  await keeper.start();
  resource.become('connected');
  resource.become('disconnected');
  mock.timers.tick(1_999);
  resource.become('connected');
  mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(resource.calls, ['open']);
  assert.deepEqual(states, ['connecting', 'connected', 'connected']);
});

test('a longer break restarts ICE and keeps the connection', async () => {
  const resource = new ScriptedResource();
  const {keeper, states} = keep(resource);
  await keeper.start();
  resource.become('connected');
  resource.become('disconnected');
  mock.timers.tick(2_000);
  await settle();
  resource.become('connected');
  mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(resource.calls, ['open', 'restart']);
  assert.deepEqual(states, ['connecting', 'connected', 'interrupted', 'connected']);
});

test('a failed path restarts at once; a path that healed meanwhile counts', async () => {
  const resource = new ScriptedResource();
  const {keeper} = keep(resource);
  await keeper.start();
  resource.become('connected');
  resource.become('connected', 'failed');
  resource.become('failed');
  resource.pc.connectionState = 'connected';
  resource.pc.iceConnectionState = 'connected';
  await settle();
  assert.deepEqual(resource.calls, ['open', 'restart']);
  assert.equal(keeper.state, 'connected');
});

test('a refused restart, a restart without effect and a refused offer lead to a new connection', async () => {
  const refused = new ScriptedResource({restart: new ApiError('gone', {status: 404})});
  const deaf = new ScriptedResource();
  const full = new ScriptedResource({open: new ApiError('busy', {status: 503})});
  const good = new ScriptedResource();
  const {keeper} = keep(refused, deaf, full, good);
  await keeper.start();
  refused.become('connected');
  refused.become('failed');
  await settle();
  assert.deepEqual(refused.calls, ['open', 'restart', 'close']);
  assert.equal(keeper.error.message, 'gone');

  mock.timers.tick(1_000);
  await settle();
  assert.deepEqual(deaf.calls, ['open']);
  mock.timers.tick(12_000);
  await settle();
  assert.deepEqual(deaf.calls, ['open', 'close']);

  mock.timers.tick(2_000);
  await settle();
  assert.deepEqual(full.calls, ['open', 'close']);
  mock.timers.tick(3_999);
  await settle();
  assert.deepEqual(good.calls, []);
  mock.timers.tick(1);
  await settle();
  good.become('connected');
  assert.equal(keeper.state, 'connected');
  assert.equal(keeper.error, null);
});

test('a refused token is not tried again', async () => {
  const resource = new ScriptedResource({open: new ApiError('expired', {status: 401})});
  const {keeper} = keep(resource);
  await keeper.start();
  mock.timers.tick(600_000);
  await settle();
  assert.equal(keeper.state, 'denied');
  assert.deepEqual(resource.calls, ['open', 'close']);
});

test('who stops while the offer is on its way leaves nothing at the server', async () => {
  for (const failures of [{}, {open: new Error('the connection was closed meanwhile')}]) {
    const resource = new ScriptedResource(failures);
    const {keeper} = keep(resource);
    const starting = keeper.start();
    await keeper.stop();
    await starting;
    assert.equal(keeper.state, 'closed');
    assert.deepEqual(resource.calls, ['open', 'close', 'close']);
  }
});

/** Answers each request when it is told to. */
class ScriptedWhep {
  mids = [{audio: '0', video: '1'}];
  puts = [];
  reads = [];

  putSlots(slots) {
    return new Promise((resolve, reject) => this.puts.push({slots, resolve, reject}));
  }

  readSlots() {
    return new Promise((resolve, reject) => this.reads.push({resolve, reject}));
  }
}

const wish = (peer) => () => [{mid: '1', peer}];
const state = (peer, name) => [{mid: '1', kind: 'video', peer, track: 'video_main', state: name}];

test('wishes that come while one is on its way become one, the newest', async () => {
  const whep = new ScriptedWhep();
  const sync = new SlotSync(() => {});
  sync.show(wish('a'));
  sync.attach(whep);
  sync.show(wish('b'));
  sync.show(wish('c'));
  whep.puts[0].resolve(state('a', 'active'));
  await settle();
  whep.puts[1].resolve(state('c', 'active'));
  await settle();
  assert.deepEqual(whep.puts.map(({slots}) => slots[0].peer), ['a', 'c']);
  assert.equal(sync.states.get('1').peer, 'c');
});

test('a failed request is tried again', async () => {
  const whep = new ScriptedWhep();
  const sync = new SlotSync(() => {});
  sync.show(wish('a'));
  sync.attach(whep);
  whep.puts[0].reject(new ApiError('busy', {status: 503}));
  await settle();
  mock.timers.tick(500);
  await settle();
  assert.equal(whep.puts.length, 2);
});

test('a waiting slot is looked at again until it is not, and an old look undoes no later wish', async () => {
  const whep = new ScriptedWhep();
  let changes = 0;
  const sync = new SlotSync(() => {
    changes += 1;
  });
  sync.show(wish('a'));
  sync.attach(whep);
  whep.puts[0].resolve(state('a', 'waiting'));
  await settle();
  mock.timers.tick(2_000);
  sync.show(wish('b'));
  whep.reads[0].resolve(state('a', 'active'));
  await settle();
  assert.equal(sync.states.get('1').state, 'waiting');
  whep.puts[1].resolve(state('b', 'active'));
  await settle();
  mock.timers.tick(60_000);
  assert.equal(whep.reads.length, 1);
  assert.deepEqual([sync.states.get('1').peer, changes], ['b', 2]);
});

test('a connection that was left says nothing any more', async () => {
  const whep = new ScriptedWhep();
  const sync = new SlotSync(() => {});
  sync.show(wish('a'));
  sync.attach(whep);
  sync.detach();
  whep.puts[0].resolve(state('a', 'active'));
  await settle();
  assert.equal(sync.states.size, 0);
});
