import assert from 'node:assert/strict';
import {test} from 'node:test';
import {connect} from '../tapedeck.js';
import {settle} from './hand-clock.mjs';
import {SimServer} from './sim-server.mjs';

const NEVER = new Promise(() => {});

/** A meeting that is connected, its server, and all it was told. */
async function met(options) {
  const server = new SimServer();
  const meeting = await server.connect(options);
  const told = [];
  ['state', 'closed', 'dropped'].forEach((event) => meeting.on(event, (...args) => told.push([event, ...args])));
  await server.clock.pass(0);
  return {server, meeting, told, clock: server.clock};
}

/** A promise that is settled by hand. */
function held() {
  let resolve;
  let reject;
  const promise = new Promise((...both) => [resolve, reject] = both);
  return {promise, resolve, reject};
}

const track = (kind, id = kind) => ({kind, id});
const joins = ({requests}) => requests.filter(({session}) => session?.join).map(({session}) => session.join.info.room);

test('what is asked for is done on the connection there is', async () => {
  const {server, meeting} = await met();
  assert.equal(meeting.state, 'connected');
  assert.equal(server.posts[0].join.room, 'lobby');
  const publication = await meeting.publishTrack(track('audio'));
  await publication.mute();
  await meeting.leave();
  assert.equal(meeting.state, 'outside');
  assert.deepEqual(server.requests.map((request) => Object.keys(request)[0]), ['session', 'sender', 'session']);
});

test('a meeting that is closed while its token is fetched asks the server for nothing more', async () => {
  const token = held();
  const tokens = ['first', token.promise];
  const {server, meeting, clock} = await met({token: () => tokens.shift()});
  server.crash();
  await clock.pass(1_000);
  await meeting.close();
  token.resolve('late');
  await clock.pass(60_000);
  assert.equal(server.posts.length, 1);
  assert.equal(server.connections.length, 1);
});

test('a meeting that is closed while the server answers does not arrive there', async () => {
  const {server, meeting, clock} = await met();
  const answer = held();
  server.answering = answer.promise;
  server.crash();
  await clock.pass(1_000);
  assert.equal(server.posts.length, 2);
  await meeting.close();
  assert.equal(server.connections.at(-1).signalingState, 'closed');
  answer.resolve();
  await clock.pass(60_000);
  assert.deepEqual([server.connections.at(-1).connectionState, server.posts.length], ['closed', 2]);
});

test('a meeting that is closed while the token of another room is fetched does not enter it', async () => {
  const {server, meeting, clock} = await met();
  const token = held();
  const other = {room: 'other', peer: 'Ada', token: () => token.promise};
  const joined = assert.rejects(meeting.join(other), {code: 'closed'});
  await settle();
  const over = meeting.close();
  token.resolve('late');
  await clock.pass(60_000);
  await over;
  await joined;
  assert.deepEqual(joins(server), []);
});

test('a start is aborted at whatever it waits for', async () => {
  for (const wait of [{token: () => NEVER}, {url: () => NEVER}, {}]) {
    const server = new SimServer();
    server.answering = NEVER;
    const aborter = new AbortController();
    const start = server.connect({...wait, signal: aborter.signal});
    await settle();
    aborter.abort('no more wanted');
    await assert.rejects(start, ({name, code, cause}) =>
      name === 'TapedeckError' && code === 'aborted' && cause === 'no more wanted');
    assert.equal(server.connections.every(({signalingState}) => signalingState === 'closed'), true);
  }
});

test('a meeting that is over leaves nothing at the signal', async () => {
  const {signal} = new AbortController();
  let listeners = 0;
  const {addEventListener, removeEventListener} = signal;
  signal.addEventListener = (...args) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  const {meeting, clock} = await met({signal});
  assert.equal(listeners, 1);
  meeting.close();
  await clock.pass(1_000);
  assert.equal(listeners, 0);

  const server = new SimServer();
  server.refusals.push({status: 403});
  await assert.rejects(server.connect({signal}), {code: 'forbidden'});
  assert.equal(listeners, 0);
});

test('a signal ends the meeting that it began with', async () => {
  const aborter = new AbortController();
  const {meeting, clock} = await met({signal: aborter.signal});
  aborter.abort();
  await clock.pass(1_000);
  assert.equal(meeting.state, 'closed');
});

test('a token that does not come, or comes to nothing, is asked for again', async () => {
  const gives = [() => NEVER, () => Promise.reject(), () => undefined, () => {
    throw new Error('the backend is down');
  }];
  const tokens = [() => 'first', ...gives, () => 'second'];
  const {server, meeting, told, clock} = await met({token: () => tokens.shift()()});
  server.crash();
  await clock.pass(60_000);
  assert.equal(meeting.state, 'connected');
  assert.equal(server.posts.at(-1).token, 'second');
  assert.deepEqual(told.filter(([, state]) => state === 'reconnecting').map(([, , error]) => error.code),
    ['connection_lost', 'timed_out', 'not_provided', 'not_provided', 'not_provided']);
});

test('an ICE restart whose token does not come gives way to another connection', async () => {
  const tokens = [() => 'first', () => Promise.reject(), () => 'second'];
  const {server, meeting, clock} = await met({token: () => tokens.shift()()});
  const restarted = meeting.restartIce();
  await clock.pass(60_000);
  await restarted;
  assert.equal(server.connections.length, 2);
});

test('a server that is busy says when to come back', async () => {
  const server = new SimServer();
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  server.refusals.push({status: 503, headers: {'Retry-After': '7'}}, {status: 429, headers: {'Retry-After': inAMinute}},
    {status: 503, headers: {'Retry-After': 'soon'}}, {status: 503});
  const waits = [];
  while (server.refusals.length > 0) {
    await server.connect().catch(({code, retryAfterMillis}) => waits.push([code, retryAfterMillis]));
  }
  assert.deepEqual(waits.map(([code]) => code), ['busy', 'busy', 'busy', 'busy']);
  const [seconds, date, ...none] = waits.map(([, millis]) => millis);
  assert.equal(seconds, 7_000);
  assert.ok(date > 0 && date <= 60_000, `${date}`);
  assert.deepEqual(none, [null, null]);
});

test('a join that fails leaves us who and where we were', async () => {
  const {server, meeting, clock} = await met();
  server.refuse = ({session}) => session?.join && 'RpcNoSuchRoom';
  await assert.rejects(meeting.join({room: 'other', peer: 'Eve', token: 'another'}), {code: 'request_refused'});
  assert.deepEqual([meeting.room, meeting.peer], ['lobby', 'Ada']);
  server.say({room: {peerJoined: {peer: 'Ada'}}});
  server.say({room: {peerJoined: {peer: 'Eve'}}});
  await clock.pass(0);
  assert.deepEqual([...meeting.peers.keys()], ['Eve']);
  server.crash();
  await clock.pass(1_000);
  assert.deepEqual([server.posts[1].join.room, server.posts[1].token], ['lobby', 'a token']);
});

test('of two joins the later counts, whatever becomes of the earlier', async () => {
  const {server, meeting} = await met();
  server.refuse = ({session}) => session?.join?.info.room === 'first' ? 'RpcNoSuchRoom' : undefined;
  const first = assert.rejects(meeting.join({room: 'first', peer: 'Ada', token: 't'}), {name: 'TapedeckError'});
  await Promise.all([first, meeting.join({room: 'second', peer: 'Eve', token: 't'})]);
  assert.deepEqual([meeting.room, meeting.peer], ['second', 'Eve']);
});

test('a failed join that another failed before leads back to where the server has us', async () => {
  const {server, meeting} = await met();
  server.refuse = ({session}) => session?.join && 'RpcNoSuchRoom';
  await Promise.all(['first', 'second'].map((room) =>
    assert.rejects(meeting.join({room, peer: 'Eve', token: 't'}))));
  assert.deepEqual([meeting.room, meeting.peer], ['lobby', 'Ada']);
});

test('a join whose token comes after that of a later one does not overtake it', async () => {
  const {server, meeting} = await met();
  const token = held();
  const slow = {room: 'first', peer: 'Ada', token: () => token.promise};
  const first = assert.rejects(meeting.join(slow), {code: 'aborted'});
  await meeting.join({room: 'second', peer: 'Ada', token: 't'});
  token.resolve('late');
  await first;
  assert.deepEqual(joins(server), ['second']);
  assert.equal(meeting.room, 'second');
});

test('a leave that was asked for during a break is done by coming back outside', async () => {
  const {server, meeting, clock} = await met();
  server.refuse = ({session}) => session?.leave && 'RpcNotInRoom';
  server.crash();
  await settle();
  const left = meeting.leave();
  await clock.pass(1_000);
  await left;
  assert.equal(meeting.state, 'outside');
  assert.equal(server.posts[1].join, undefined);
});

test('what the server refuses on another connection is over, and told', async () => {
  const {server, meeting, told, clock} = await met();
  const [camera, microphone] = await Promise.all(['video', 'audio'].map((kind) => meeting.publishTrack(track(kind))));
  const picture = await meeting.subscribe({peer: 'Bob', name: 'video_main', kind: 'video'});
  const [chat, other] = await Promise.all(['chat', 'other'].map((label) => meeting.channel(label)));
  const answer = held();
  server.answering = answer.promise;
  server.say({session: {goway: {reason: 'drain', remainSeconds: 60}}});
  await clock.pass(5_000); // by now the next connection is on its way
  await microphone.replace(track('audio', 'another'));
  await camera.mute();
  await picture.switchTo({peer: 'Eve', name: 'video_main'});
  server.refuse = ({receiver, messageChannel}) =>
    receiver?.attach || messageChannel?.label === 'chat' ? 'RpcLimitReached' : undefined;
  answer.resolve();
  await clock.pass(1_000);
  assert.equal(server.connections.length, 2);
  const dropped = told.filter(([event]) => event === 'dropped').map(([, part, {code}]) => [part, code]);
  assert.deepEqual(new Map(dropped), new Map([[picture, 'request_refused'], [chat, 'request_refused']]));
  assert.deepEqual([meeting.publications, meeting.subscriptions], [[camera, microphone], []]);
  await assert.rejects(meeting.channel('chat'), {code: 'request_refused'});
  await other.send('still here');
});

test('changes that are refused one after the other leave what was before them', async () => {
  const {server, meeting} = await met();
  const camera = await meeting.publishTrack(track('video'));
  await camera.mute();
  server.refuse = ({sender}) => sender && 'RpcLimitReached';
  const changes = [camera.unmute(), camera.configure({priority: 9})];
  assert.deepEqual((await Promise.allSettled(changes)).map(({reason}) => reason.code),
    ['request_refused', 'request_refused']);
  assert.equal(camera.isMuted, true);
});

test('a publication that is over leaves its name to the next', async () => {
  const {server, meeting} = await met();
  const first = await meeting.publishTrack(track('video'), {metadata: 'first'});
  await first.unpublish();
  const second = await meeting.publishTrack(track('video'), {metadata: 'second'});
  const before = server.requests.length;
  for (const change of [() => first.unmute(), () => first.mute(), () => first.replace(track('video', 'late')),
    () => first.describe('late'), () => first.configure({priority: 2})]) {
    await assert.rejects(change, {code: 'closed'});
  }
  await first.unpublish();
  assert.equal(server.requests.length, before);
  assert.deepEqual([first.isMuted, first.metadata, second.isMuted, second.metadata], [true, 'first', false, 'second']);
});

test('a subscription that is over leaves its line to the next', async () => {
  const {server, meeting} = await met();
  const first = await meeting.subscribe({peer: 'Bob', name: 'video_main', kind: 'video'});
  await first.detach();
  const second = await meeting.subscribe({peer: 'Eve', name: 'video_main', kind: 'video'});
  const before = server.requests.length;
  for (const change of [() => first.switchTo({peer: 'Bob', name: 'video_screen'}), () => first.setPriority(2),
    () => first.setLayers({maxSpatial: 0})]) {
    await assert.rejects(change, {code: 'closed'});
  }
  await first.detach();
  assert.equal(server.requests.length, before);
  assert.deepEqual([first.peer, second.peer, second.priority], ['Bob', 'Eve', 1]);
});

test('what nobody can carry out is refused as bad options, and changes nothing', async () => {
  const {server, meeting} = await met({mixer: {outputs: 1}});
  const camera = await meeting.publishTrack(track('video'));
  const picture = await meeting.subscribe({peer: 'Bob', name: 'video_main', kind: 'video'});
  const chat = await meeting.channel('chat');
  const before = server.requests.length;
  const wrongs = [
    () => meeting.publish(undefined), () => meeting.publishTrack(undefined),
    ...[{priority: 'high'}, {bitrate: 'all'}, {metadata: {}}, {name: ''}]
      .map((options) => () => meeting.publishTrack(track('audio'), options)),
    () => meeting.publishTrack(track('video')),
    () => camera.replace(track('audio')), () => camera.unmute(null), () => camera.configure({bitrate: 'toString'}),
    () => meeting.subscribe(undefined), () => meeting.subscribe({peer: 'Bob', name: 'nowhere'}),
    () => meeting.subscribe({peer: 'Bob', name: 'more', kind: 'video'}, {priority: 0}),
    () => picture.switchTo({peer: 'Bob', name: 'audio_main', kind: 'audio'}), () => picture.switchTo(undefined),
    () => picture.setLayers({maxSpatial: 'all'}), () => picture.setLayers({max: 1}), () => picture.setPriority(1.5),
    () => meeting.channel(''), () => meeting.channel('chat'), () => chat.send(42), () => chat.send([1]),
    () => meeting.mixer.attach('Bob'), () => meeting.mixer.detach([{peer: 'Bob'}]),
    () => meeting.describe(7), () => meeting.join(undefined), () => meeting.join({room: 'other', peer: 'Ada'}),
    () => connect(), ...[{mixer: {}}, {mixer: {outputs: 1, mode: 'loudest'}}, {mixer: {outputs: 1, sources: {}}},
      {metadata: 1}, {url: 'no origin'}, {url: 'mailto:somebody@media.test'}]
      .map((options) => () => server.connect(options)),
  ];
  for (const wrong of wrongs) {
    await assert.rejects(wrong, {name: 'TapedeckError', code: 'bad_options'}, `${wrong}`);
  }
  assert.equal(server.requests.length, before);
  assert.deepEqual([meeting.publications, meeting.subscriptions, camera.isMuted, picture.name],
    [[camera], [picture], false, 'video_main']);
});

test('what the browser cannot do is told with its own error', async () => {
  const {server, meeting} = await met();
  const cause = new DOMException('the codec is busy', 'InvalidModificationError');
  const fail = () => {
    throw cause;
  };
  const isTold = (error) => error.name === 'TapedeckError' && error.code === 'browser_failed' && error.cause === cause;
  Object.assign(server.connections[0], {addTransceiver: fail, getStats: async () => fail()});
  await assert.rejects(meeting.publishTrack(track('video')), isTold);
  await assert.rejects(meeting.stats(), isTold);
  assert.deepEqual(meeting.publications, []);
  const broken = class {
    constructor() {
      fail();
    }
  };
  await assert.rejects(server.connect({platform: {...server.platform, RTCPeerConnection: broken}}), isTold);
});
