import assert from 'node:assert/strict';
import {test} from 'node:test';
import {connectionLost} from '../lib/errors.js';
import {Requests} from '../lib/requests.js';
import {HandClock, settle} from './hand-clock.mjs';

/** @param {() => void} send of the data channel */
function requests(send) {
  const channel = Object.assign(new EventTarget(), {readyState: 'open', send});
  return new Requests(new HandClock().platform, channel, () => {});
}

const tooLarge = () => {
  throw new TypeError('larger than the server takes');
};
const full = () => {
  throw new DOMException('the buffer is full', 'OperationError');
};

test('what cannot be encoded or sent is refused with its cause, and not waited for', async () => {
  const wrong = {messageChannel: {label: 'chat', pub: {data: 42}}};
  const leave = {session: {leave: {}}};
  for (const [send, branch, code] of [[() => {}, wrong, 'bad_options'], [tooLarge, leave, 'bad_options'],
    [full, leave, 'busy']]) {
    const asked = requests(send);
    await assert.rejects(asked.request(branch), ({name, code: said, cause}) =>
      name === 'TapedeckError' && said === code && cause instanceof Error);
    asked.fail(connectionLost('a test broke it'));
    await settle(); // an entry that was left behind would be a rejection that nobody handles
  }
});
