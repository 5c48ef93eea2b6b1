import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {test} from 'node:test';
import {EventStream, SseParser} from '../../../main/resources/web/js/sse.js';

function parse(...parts) {
  const parser = new SseParser();
  return parts.flatMap((part) => parser.push(part));
}

test('an event ends at the empty line', () => {
  assert.deepEqual(parse('event: peer_joined\ndata: {"peer":"a"}\n'), []);
  assert.deepEqual(parse('event: peer_joined\ndata: {"peer":"a"}\n\n'),
    [{type: 'peer_joined', data: '{"peer":"a"}', id: ''}]);
});

test('lines end with LF, CR or CR LF', () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const events = parse(['event: x', 'data: 1', 'data: 2', '', ':', ''].join(end));
    assert.deepEqual(events, [{type: 'x', data: '1\n2', id: ''}], JSON.stringify(end));
  }
});

test('comments, unknown fields and events without data are nothing', () => {
  assert.deepEqual(parse(': keep-alive\n\nevent: empty\n\nfoo: bar\ndata:x\n\n'),
    [{type: 'message', data: 'x', id: ''}]);
});

test('only one space after the colon is dropped', () => {
  assert.equal(parse('data:  x\n\n')[0].data, ' x');
  assert.equal(parse('data\n\n')[0].data, '');
});

test('an id holds for later events, a retry is remembered', () => {
  const parser = new SseParser();
  const events = parser.push('id: 7\nretry: 250\ndata: a\n\ndata: b\n\nretry: soon\nid: x\0y\n\n');
  assert.deepEqual(events.map(({id}) => id), ['7', '7']);
  assert.equal(parser.lastEventId, '7');
  assert.equal(parser.retryMillis, 250);
});

test('any cut of the stream gives the same events', () => {
  const text = 'event: a\r\ndata: 1\r\n\r\n: c\r\nid: 9\r\ndata: ü2\rdata: 3\r\revent: b\ndata: 4\n\n';
  const whole = parse(text);
  assert.equal(whole.length, 3);
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const cut = parse(text.slice(0, first), text.slice(first, second), text.slice(second));
      assert.deepEqual(cut, whole, `cut at ${first} and ${second}`);
    }
  }
});

/** Runs a stream against a server on a free port; the handler gets (request, response, number of this request). */
async function withStream(handler, listen) {
  let requests = 0;
  const server = createServer((request, response) => handler(request, response, requests++));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/events`;
  const seen = [];
  const stream = new EventStream(url, 'secret', {
    onEvent: (type, data) => seen.push([type, data]),
    onBreak: () => seen.push('break'),
    onDenied: (error) => seen.push(['denied', error.words]),
    ...listen?.(seen),
  });
  const ended = stream.run();
  return {seen, stream, ended, async close() {
    stream.close();
    await ended;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }};
}

async function until(condition) {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'not within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a broken stream is opened again, with bearer and the last id', async () => {
  const asked = [];
  const run = await withStream((request, response, number) => {
    asked.push([request.headers.authorization, request.headers['last-event-id']]);
    response.writeHead(200, {'Content-Type': 'text/event-stream'});
    response.write(`retry: 1\nid: ${number}\nevent: n\ndata: ${number}\n\n`);
    if (number === 0) {
      response.end();
    }
  });
  await until(() => run.seen.length === 3);
  assert.deepEqual(run.seen, [['n', 0], 'break', ['n', 1]]);
  assert.deepEqual(asked, [['Bearer secret', undefined], ['Bearer secret', '0']]);
  await run.close();
});

test('a refused bearer ends the stream with the words of the server', async () => {
  const run = await withStream((request, response) => {
    response.writeHead(401, {'Content-Type': 'application/json'});
    response.end(JSON.stringify({error: 'Token expired', code: 'token_expired', message: 'get a new one'}));
  });
  await run.ended;
  assert.deepEqual(run.seen, [['denied', 'Token expired: get a new one']]);
  await run.close();
});
