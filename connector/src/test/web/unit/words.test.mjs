import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readJob} from '../../../main/resources/web/js/convert.js';
import {
  formatBytes, formatCount, formatDateTime, formatDuration, formatPlural, formatPpm, formatSpan,
} from '../../../main/resources/web/js/format.js';
import {gridFor} from '../../../main/resources/web/js/grid.js';
import {readInvite} from '../../../main/resources/web/js/invite.js';
import {hueOf, initialsOf} from '../../../main/resources/web/js/person.js';
import {recordPath} from '../../../main/resources/web/js/record-path.js';
import {endWords, gapWords, receptionWords, trackWords, verdictOf} from '../../../main/resources/web/js/words.js';

test('bytes have decimal units and one digit', () => {
  assert.deepEqual([0, 999, 1_000, 12_400_000, 999_949, 999_950, 5e15].map(formatBytes),
    ['0 B', '999 B', '1.0 kB', '12.4 MB', '999.9 kB', '1.0 MB', '5000.0 TB']);
});

test('durations are rounded to the second', () => {
  assert.deepEqual([0, 499, 59_500, 61_000, 3_599_500, 36_061_000].map(formatDuration),
    ['0:00', '0:00', '1:00', '1:01', '1:00:00', '10:01:01']);
});

test('spans choose their unit', () => {
  assert.deepEqual([0, 340, 1_240, 59_949, 59_950, 125_000].map(formatSpan),
    ['0 ms', '340 ms', '1.2 s', '59.9 s', '1 min 0 s', '2 min 5 s']);
});

test('counts and dates follow the locale', () => {
  assert.equal(formatCount(1_234_567, 'en'), '1,234,567');
  assert.equal(formatDateTime('2026-01-02T03:04:05Z', 'en-GB', 'UTC'), '2 Jan 2026, 03:04');
  assert.deepEqual([formatPlural(1, 'gap'), formatPlural(2, 'gap'), formatPlural(3, 'person', 'people')],
    ['1 gap', '2 gaps', '3 people']);
});

test('loss is told in per cent', () => {
  assert.deepEqual([0, 1, 99, 100, 2_000, 250_000].map(formatPpm),
    ['none', '< 0.01 %', '< 0.01 %', '0.01 %', '0.20 %', '25.0 %']);
});

test('the state of an open recording comes before a verdict', () => {
  assert.deepEqual(verdictOf({state: 'recording', verdict: null}), {label: 'Recording', tone: 'live'});
  assert.deepEqual(verdictOf({state: 'finalized', verdict: 'complete'}), {label: 'Complete', tone: 'good'});
  assert.equal(verdictOf({state: 'finalized', verdict: 'partial', gapCount: 1}).label, 'Partial, 1 gap');
  assert.equal(verdictOf({state: 'finalized', verdict: 'partial', gaps: [{}, {}]}).label, 'Partial, 2 gaps');
  assert.equal(verdictOf({state: 'finalized', verdict: 'partial'}).label, 'Partial');
  assert.equal(verdictOf({state: 'finalized', verdict: 'empty'}).label, 'Empty');
});

const GAP = {
  peer: 'Zoë', session: 7, track: 1, from: '2026-01-02T03:04:05Z', to: '2026-01-02T03:04:06.2Z', cause: 'crash',
  packets: 1_200,
};
const SESSIONS = [{session: 7, tracks: [{number: 1, name: 'video_main'}]}];

test('a gap is one sentence', () => {
  assert.equal(gapWords(GAP, SESSIONS, 'en-GB', 'UTC'), 'Zoë: video_main is missing for 1.2 s from 03:04:05 '
    + '(1,200 packets), because the media server stopped unexpectedly.');
  assert.equal(gapWords({...GAP, track: 0, to: GAP.from, packets: 0, cause: 'mice'}, [], 'en-GB', 'UTC'),
    'Zoë: everything is missing from 03:04:05 on, because of “mice”.');
});

test('reception is told per track', () => {
  const reception = {expected: 1_000, received: 998, repaired: 3, lost: 2, lostPpm: 2_000, longestHoleMs: 41};
  assert.deepEqual(receptionWords(reception, 'en'),
    {packets: '998 of 1,000', repaired: '3', lost: '2 (0.20 %)', hole: '41 ms'});
  assert.equal(receptionWords({...reception, received: 1_000}, 'en').packets, '1,000');
  assert.equal(receptionWords(null).packets, '–');
  assert.equal(trackWords({name: 'video_main', rid: 'h'}), 'video_main (layer h)');
  assert.deepEqual([endWords('timed_out'), endWords('sold_out')], ['connection lost', 'sold out']);
});

test('a record path escapes each segment as keys do', () => {
  assert.equal(recordPath({app: 'app', room: 'a/b (ü)*', id: 4_294_967_300}), 'app/a%2Fb%20%28%C3%BC%29%2A/4294967300');
  assert.equal(recordPath({app: 'é~', room: '~', id: 1}), '%C3%A9%7E/%7E/1');
  assert.equal(recordPath({app: '..', room: '.', id: 1}), '%2E%2E/%2E/1');
});

test('a job tells its state in words', () => {
  assert.deepEqual(readJob({job_id: 12, state: 'running', progress: 0.4}),
    {id: '12', state: 'running', progress: 0.4, words: 'Converting…', fileNames: []});
  const files = [{path: 'a.webm'}, {path: 'b.ogg'}];
  assert.deepEqual(readJob({job_id: '1', state: 'completed', transmux: false, files}).fileNames, ['a.webm', 'b.ogg']);
  assert.deepEqual(readJob({job_id: '1', state: 'completed', transmux: true, files}).fileNames,
    ['a.webm', 'b.ogg', 'summary.json']);
  assert.deepEqual(readJob({job_id: '1', state: 'failed', transmux: true, files: []}).fileNames, []);
  assert.equal(readJob({job_id: '1', state: 'failed', error: 'record empty'}).words, 'record empty');
});

test('an invitation is read from the fragment', () => {
  const payload = Buffer.from(JSON.stringify({room: 'Büro', record: true})).toString('base64url');
  const token = `h.${payload}.s`;
  assert.deepEqual(readInvite(`#invite=${token}&name=Ada&codec=VP9&layers=0`), {token, room: 'Büro', record: true,
    name: 'Ada', codec: 'VP9', hasLayers: false, isSmall: false, isOriginalSound: false});
  assert.deepEqual(readInvite(`#invite=${token}&picture=small&sound=original`), {token, room: 'Büro', record: true,
    name: '', codec: '', hasLayers: true, isSmall: true, isOriginalSound: true});
  for (const broken of ['', '#invite=', '#invite=x', '#invite=a.%25%25.c', '#invite=a.bnVsbA.c']) {
    assert.deepEqual([readInvite(broken).room, readInvite(broken).record], ['', false], broken);
  }
});

test('tiles become as large as they can', () => {
  assert.deepEqual(gridFor(1, 1_600, 900), {columns: 1, tileWidth: 1_600});
  assert.deepEqual(gridFor(4, 1_600, 900), {columns: 2, tileWidth: 800});
  assert.deepEqual(gridFor(2, 390, 800), {columns: 1, tileWidth: 390});
  assert.equal(gridFor(3, 0, 0).tileWidth, 0);
});

test('a person has initials and a colour of their own', () => {
  assert.deepEqual(['Ada Lovelace', 'zoë', ' ', '张伟', '👩‍🚀 Ann', 'a b c'].map(initialsOf),
    ['AL', 'Z', '?', '张', '👩‍🚀A', 'AC']);
  assert.equal(hueOf('Ada'), hueOf('Ada'));
  assert.ok(hueOf('Ada') >= 0 && hueOf('Ada') < 360);
});
