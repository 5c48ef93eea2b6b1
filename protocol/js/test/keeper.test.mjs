import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Backoff} from '../lib/backoff.js';
import {connectionLost, TapedeckError} from '../lib/errors.js';
import {Keeper} from '../lib/keeper.js';
import {HandClock, settle} from './hand-clock.mjs';

const LOST = connectionLost('a test broke it');
const UNREACHABLE = new TapedeckError('unreachable', 'nobody is there');

/** A keeper, the connections it makes, and what becomes of it. */
class Bench {
  clock = new HandClock();
  opened = [];
  tries = 0;
  /** Of the last try. */
  signal = null;
  states = [];
  ends = [];
  /** What the next tries to open fail with; then they succeed. */
  failures = [];
  restartFails = null;

  constructor(options = {}) {
    this.keeper = new Keeper(this.clock.platform, options, {
      open: async (signal) => this.#open(signal),
      restart: async (connection) => {
        connection.restarts++;
        if (this.restartFails) {
          throw this.restartFails;
        }
      },
      onConnection: () => {},
      onState: (state, error) => this.states.push(error ? `${state}: ${error.code}` : state),
      isFinal: (error) => error.isFinal,
      onEnd: (reason) => this.ends.push(reason),
    });
  }

  get last() {
    return this.opened.at(-1);
  }

  path(connection, path) {
    connection.path = path;
    this.keeper.onPath(connection, path === 'open' ? null : LOST);
  }

  #open(signal) {
    this.tries++;
    this.signal = signal;
    if (this.failures.length > 0) {
      throw this.failures.shift();
    }
    const connection = {
      path: 'open',
      restarts: 0,
      isClosed: false,
      lose: () => connection.path === 'gone' || this.path(connection, 'gone'),
      close: async () => {
        connection.isClosed = true;
      },
    };
    this.opened.push(connection);
    return connection;
  }
}

/** With a connection that has been good for as long as it takes. */
async function started(options) {
  const bench = new Bench(options);
  await bench.keeper.start();
  await bench.clock.pass(10_000);
  return bench;
}

test('delays double up to the longest, half of each left to chance', () => {
  const backoff = new Backoff(100, 1_000, () => 0);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.nextMillis()), [100, 200, 400, 800, 1_000, 1_000]);
  backoff.reset();
  assert.equal(backoff.nextMillis(), 100);
  assert.equal(new Backoff(100, 100, () => 1).nextMillis(), 50);
});

test('a first connection that fails is told to whoever asked, and not tried again', async () => {
  const bench = new Bench();
  bench.failures.push(UNREACHABLE);
  await assert.rejects(bench.keeper.start(), UNREACHABLE);
  await bench.clock.pass(60_000);
  assert.equal(bench.opened.length, 0);
});

test('a short break heals by itself', async () => {
  const bench = await started();
  bench.path(bench.last, 'interrupted');
  await bench.clock.pass(1_999);
  bench.path(bench.last, 'open');
  await bench.clock.pass(60_000);
  assert.equal(bench.last.restarts, 0);
  assert.deepEqual(bench.states, ['connected']);
});

test('a longer break gets an ICE restart, which keeps the connection', async () => {
  const bench = await started();
  bench.path(bench.last, 'interrupted');
  await bench.clock.pass(2_000);
  assert.equal(bench.last.restarts, 1);
  bench.path(bench.last, 'open');
  await bench.clock.pass(60_000);
  assert.equal(bench.opened.length, 1);
  assert.deepEqual(bench.states, ['connected', 'reconnecting: connection_lost', 'connected']);
});

test('a restart that opens no path gives way to another connection', async () => {
  const bench = await started();
  bench.path(bench.last, 'failed');
  await bench.clock.pass(9_999);
  assert.equal(bench.opened.length, 1);
  await bench.clock.pass(1_000);
  assert.equal(bench.opened.length, 2);
  assert.equal(bench.keeper.state, 'connected');
});

test('a server that is gone is tried again, slower and slower, until it is back', async () => {
  const bench = await started();
  bench.restartFails = UNREACHABLE;
  bench.failures = [1, 2, 3].map(() => UNREACHABLE);
  bench.path(bench.last, 'failed');
  await bench.clock.pass(250); // the chance before the first try
  assert.equal(bench.failures.length, 2);
  await bench.clock.pass(375);
  assert.equal(bench.failures.length, 1);
  await bench.clock.pass(750);
  assert.equal(bench.failures.length, 0);
  assert.equal(bench.keeper.state, 'reconnecting');
  await bench.clock.pass(1_500);
  assert.equal(bench.keeper.state, 'connected');
});

test('what is asked for during a break is carried out once it is over', async () => {
  const bench = await started();
  const met = [];
  bench.path(bench.last, 'gone');
  const asked = bench.keeper.run(async (connection) => met.push(connection));
  await bench.clock.pass(10_000);
  await asked;
  assert.deepEqual(met, [bench.opened[1]]);
});

test('an action whose connection breaks is carried out on the next', async () => {
  const bench = await started();
  const met = [];
  const asked = bench.keeper.run(async (connection) => {
    met.push(connection);
    if (connection === bench.opened[0]) {
      connection.lose();
      throw LOST;
    }
  });
  await bench.clock.pass(10_000);
  await asked;
  assert.deepEqual(met, bench.opened);
});

test('a refusal is final', async () => {
  const bench = await started();
  bench.failures.push(new TapedeckError('token_refused', 'expired'));
  bench.path(bench.last, 'gone');
  const asked = assert.rejects(bench.keeper.run(async () => {}), {code: 'token_refused'});
  await bench.clock.pass(60_000);
  await asked;
  assert.deepEqual(bench.ends, ['refused']);
  assert.equal(bench.keeper.state, 'closed');
});

test('a break that lasts longer than it may ends the meeting', async () => {
  const bench = await started({giveUpMillis: 20_000});
  bench.failures = Array(100).fill(UNREACHABLE);
  bench.path(bench.last, 'gone');
  await bench.clock.pass(20_000);
  assert.deepEqual(bench.ends, []);
  await bench.clock.pass(16_000);
  assert.deepEqual(bench.ends, ['gave_up']);
});

test('without reconnecting a break is the end', async () => {
  const bench = await started(false);
  bench.path(bench.last, 'gone');
  await settle();
  assert.deepEqual(bench.ends, ['gave_up']);
});

test('a server that will stop is kept until another is found', async () => {
  const bench = await started();
  bench.failures.push(new TapedeckError('busy', 'draining'));
  const moved = bench.keeper.move(60);
  await bench.clock.pass(2_499);
  assert.equal(bench.failures.length, 1);
  await bench.clock.pass(1);
  assert.equal(bench.failures.length, 0);
  assert.equal(bench.keeper.connection, bench.opened[0]);
  await bench.clock.pass(375);
  await moved;
  assert.equal(bench.keeper.connection, bench.opened[1]);
  assert.equal(bench.opened[0].path, 'gone');
  assert.deepEqual(bench.states, ['connected']);
});

test('a server that stops before another is found is a break like any other', async () => {
  const bench = await started();
  bench.failures = [1, 2, 3].map(() => UNREACHABLE);
  bench.keeper.move(2);
  await bench.clock.pass(600);
  bench.path(bench.last, 'gone');
  await bench.clock.pass(10_000);
  assert.equal(bench.opened.length, 2);
  assert.deepEqual(bench.states.filter((state) => !state.includes('unreachable')),
    ['connected', 'reconnecting: connection_lost', 'connected']);
});

test('a restart that is asked for on a good path changes nothing', async () => {
  const bench = await started();
  await bench.keeper.restart();
  assert.equal(bench.last.restarts, 1);
  await bench.clock.pass(60_000);
  assert.equal(bench.opened.length, 1);
  assert.equal(bench.keeper.state, 'connected');
});

test('after the end nothing is tried', async () => {
  const bench = await started();
  bench.failures = [UNREACHABLE];
  bench.path(bench.last, 'gone');
  await bench.clock.pass(300);
  await bench.keeper.end('left', null);
  await bench.clock.pass(60_000);
  assert.equal(bench.opened.length, 1);
  await assert.rejects(bench.keeper.run(async () => {}), {code: 'closed'});
});

test('a try that goes on at the end is told to stop', async () => {
  const bench = await started();
  bench.path(bench.last, 'gone');
  await bench.clock.pass(10_000);
  assert.equal(bench.signal.aborted, false);
  await bench.keeper.end('left', null);
  assert.equal(bench.signal.reason.code, 'closed');
});

test('a try that fails without saying why is followed by another', async () => {
  const bench = await started();
  bench.failures.push(undefined, null);
  bench.path(bench.last, 'gone');
  await bench.clock.pass(10_000);
  assert.equal(bench.opened.length, 2);
  assert.equal(bench.keeper.state, 'connected');
});

test('connections that open and end at once are made slower and slower', async () => {
  const bench = await started();
  const end = () => bench.path(bench.last, 'gone');
  end();
  for (const delay of [250, 375, 750, 1_500, 3_000, 6_000, 11_250, 11_250]) {
    const before = bench.tries;
    await bench.clock.pass(delay - 1);
    assert.equal(bench.tries, before, `${delay}`);
    await bench.clock.pass(1);
    assert.equal(bench.tries, before + 1, `${delay}`);
    end();
  }
  await bench.clock.pass(11_250 + 10_000);
  end();
  const before = bench.tries;
  await bench.clock.pass(250);
  assert.equal(bench.tries, before + 1);
});

test('servers that send everybody away at once are moved between slower and slower', async () => {
  const bench = await started();
  bench.keeper.move(0);
  await bench.clock.pass(0);
  assert.equal(bench.tries, 2);
  for (const delay of [375, 750, 1_500]) {
    const before = bench.tries;
    bench.keeper.move(0);
    await bench.clock.pass(delay - 1);
    assert.equal(bench.tries, before);
    await bench.clock.pass(1);
    assert.equal(bench.tries, before + 1);
  }
});

test('a server that says when to come back is not asked before', async () => {
  const bench = await started();
  bench.failures.push(new TapedeckError('busy', 'too many', {retryAfterMillis: 60_000}),
    new TapedeckError('busy', 'too many', {retryAfterMillis: 86_400_000}));
  bench.path(bench.last, 'gone');
  await bench.clock.pass(250 + 60_000);
  assert.equal(bench.tries, 2);
  await bench.clock.pass(375);
  assert.equal(bench.tries, 3);
  await bench.clock.pass(300_000 + 750);
  assert.equal(bench.tries, 4);
});
