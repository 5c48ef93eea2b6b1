import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fragmentOf, readFragment, restartedAnswer, writeFragment} from '../../../main/resources/web/js/sdpfrag.js';

const LOCAL = [
  'v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:EsAw', 'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1', 'a=mid:0', 'a=sendonly',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=ice-ufrag:EsAw', 'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1', 'a=mid:1', '',
].join('\r\n');
const HOST = '1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1';

test('a fragment names credentials, bundle and the m-line that gathers', () => {
  const text = fragmentOf(LOCAL, [{candidate: `candidate:${HOST}`, sdpMid: '0'}], true);
  assert.equal(text, [
    'a=group:BUNDLE 0 1', 'a=ice-ufrag:EsAw', 'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', `a=candidate:${HOST}`, 'a=end-of-candidates', '',
  ].join('\r\n'));
});

test('without candidates it still names the m-line they belong to', () => {
  assert.match(fragmentOf(LOCAL, [], false), /pwd:.*\r\nm=audio .*\r\na=mid:0\r\n$/);
});

test('what is written is read back', () => {
  const fragment = {
    ufrag: 'abcd', pwd: 'x'.repeat(22), bundle: ['0', 'v'],
    media: [{line: 'audio 9 RTP/AVP 0', mid: '0', candidates: [HOST], ended: true},
      {line: 'video 9 RTP/AVP 0', mid: 'v', candidates: [], ended: false}],
  };
  assert.deepEqual(readFragment(writeFragment(fragment)), fragment);
});

test('credentials are found at session level and with LF line ends', () => {
  const {ufrag, pwd, media} = readFragment('a=ice-lite\na=ice-ufrag:new1\na=ice-pwd:secret\nm=audio 9 x 0\na=mid:0\n');
  assert.deepEqual([ufrag, pwd, media[0].mid], ['new1', 'secret', '0']);
});

const ANSWER = [
  'v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=ice-lite',
  'm=audio 7000 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:old1', 'a=ice-pwd:oldpwd', 'a=mid:0',
  'a=candidate:1 1 udp 2130706431 192.0.2.9 7000 typ host', 'a=end-of-candidates',
  'm=video 7000 UDP/TLS/RTP/SAVPF 96', 'a=ice-ufrag:old1', 'a=ice-pwd:oldpwd', 'a=mid:1', '',
].join('\r\n');

test('a restart changes the credentials of every m-line and the candidates, nothing else', () => {
  const answer = restartedAnswer(ANSWER, writeFragment({
    ufrag: 'new1', pwd: '$&new', bundle: [],
    media: [{line: 'audio 9 x 0', mid: '0', candidates: ['2 1 udp 1 192.0.2.9 7001 typ host'], ended: true}],
  }));
  assert.equal(answer, ANSWER
    .replaceAll('old1', 'new1').replaceAll('oldpwd', () => '$&new')
    .replace(/a=candidate:1 .*\r\na=end-of-candidates/, 'a=candidate:2 1 udp 1 192.0.2.9 7001 typ host'));
});

test('a restart that names no candidates keeps those in force', () => {
  const answer = restartedAnswer(ANSWER, 'a=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\n');
  assert.equal(answer, ANSWER.replaceAll('old1', 'new1').replaceAll('oldpwd', 'newpwd'));
});
