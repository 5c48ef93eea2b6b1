/**
 * A stand-in for connector and media server, only for looking at the pages: fixed data, and connections that a second
 * browser page (`sfu.html`) answers with real media.
 */

import {createReadStream} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {RECORDINGS, recordingDetail} from './data.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const WEB = fileURLToPath(new URL('../../../main/resources/web/', import.meta.url));
const TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml'};
const POLICY = "default-src 'self'; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** @returns {Promise<object>} `url`; `room` to change what the pages see; `requests` that came in; `close()` */
export async function startServer() {
  const state = {
    requests: [], watchers: new Set(), room: {peers: [], recording: null}, media: null,
    jobProgress: 0, whipFailures: 0, pending: new Map(), queue: [], poll: null,
  };
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error) => send(response, 500, {error: String(error)}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
    tell(type, data) {
      state.watchers.forEach((watcher) => watcher.write(eventText(type, data)));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function handle(state, request, response) {
  const {pathname, searchParams} = new URL(request.url, 'http://localhost');
  const body = await read(request);
  const parts = pathname.split('/').slice(1);
  if (parts[0] === 'whip' || parts[0] === 'whep') {
    state.requests.push(`${request.method} ${pathname.replace(/conn\/\w+/, 'conn/*')}`);
    return media(state, request, response, parts, String(body));
  }
  if (parts[0] === 'sfu' && parts[1]) {
    return sfu(state, response, parts, body);
  }
  if (parts[0] === 'media') {
    return file(response, request, state.media);
  }
  if (parts[0] === 'api') {
    return api(state, request, response, parts.slice(1), searchParams, body.length ? JSON.parse(body) : null);
  }
  const root = parts[0] === 'look' ? HERE : WEB;
  const inRoot = parts[0] === 'look' ? parts.slice(1).join('/') : pathname.slice(1);
  const path = normalize(inRoot || 'index.html');
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  createReadStream(join(root, path)).on('error', () => response.writeHead(404).end()).pipe(response);
}

function api(state, request, response, parts, query, body) {
  const bearer = request.headers.authorization;
  if (bearer !== 'Bearer secret' && !bearer?.startsWith('Bearer h.')) {
    return send(response, 401,
      {error: 'Token not accepted', code: 'token_invalid', message: 'use the app secret or a user token'});
  }
  switch (`${request.method} ${parts.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('/')}`) {
    case 'POST invites':
      return send(response, 200, {url: `${state.url}/meeting.html#invite=h.e30.s`, token: 'h.e30.s'});
    case 'POST invites/join':
      return send(response, 200,
        {room: 'weekly-review', peer: body.name, whipToken: 'h.p', whepToken: 'h.w', record: false});
    case 'GET recordings': {
      const page = Number(query.get('page'));
      const found = RECORDINGS.filter(({room}) => !query.get('room') || room === query.get('room'));
      return send(response, 200, {recordings: found.slice((page - 1) * 6, page * 6),
        pagination: {page, pageSize: 6, total: found.length, totalPages: Math.ceil(found.length / 6)}});
    }
    case 'GET recordings/*': {
      const detail = recordingDetail(Number(parts[1]), state.media !== null);
      return detail ? send(response, 200, detail)
        : send(response, 404, {error: 'No such recording', code: 'not_found', message: 'it may belong to another app'});
    }
    case 'GET recordings/*/manifest':
      return send(response, 200, {format: 'tapedeck-manifest/1'});
    case 'POST convert/job':
      state.requests.push(`POST convert ${JSON.stringify(body)}`);
      return send(response, 200, {status: true, data: {job_id: '42'}});
    case 'GET convert/job/*':
      state.jobProgress += 0.34;
      return send(response, 200, {status: true, data: {job_id: '42', progress: state.jobProgress,
        state: state.jobProgress < 0.4 ? 'waiting' : state.jobProgress < 1 ? 'running' : 'completed'}});
    default:
      if (parts[0] === 'rooms' && parts[2] === 'events') {
        response.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'});
        response.write(`: hello\n\n${eventText('snapshot', {room: 'weekly-review', ...state.room})}`);
        state.watchers.add(response);
        request.on('close', () => state.watchers.delete(response));
        return undefined;
      }
      return send(response, 404, {error: 'No such route', code: 'not_found', message: pathOf(parts)});
  }
}

const pathOf = (parts) => `/api/${parts.join('/')}`;

/** WHIP and WHEP requests wait for the answer of the page that plays media server. */
async function media(state, request, response, [kind, , conn, sub], body) {
  if (request.method === 'POST' && state.whipFailures > 0 && kind === 'whip') {
    state.whipFailures -= 1;
    return send(response, 503, {error: 'The media server is draining', code: 'draining', message: 'try again in a moment'});
  }
  const id = String(state.requests.length);
  const answer = new Promise((resolve) => state.pending.set(id, resolve));
  state.queue.push({id, kind, conn: conn ?? `c${id}`, op: `${request.method}${sub ? ` ${sub}` : ''}`, body,
    ifMatch: request.headers['if-match'] ?? ''});
  pump(state);
  const {status, headers = {}, text = ''} = await answer;
  response.writeHead(status, headers).end(text);
  return undefined;
}

function sfu(state, response, [, what, id], body) {
  if (what === 'next') {
    state.poll = response;
    pump(state);
    return undefined;
  }
  if (what === 'media') {
    state.media = body;
  } else {
    state.pending.get(id)?.(JSON.parse(body));
  }
  return send(response, 200, {});
}

function pump(state) {
  if (state.poll && state.queue.length > 0) {
    send(state.poll, 200, state.queue.shift());
    state.poll = null;
  }
}

function file(response, request, bytes) {
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = range?.[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'video/webm', 'Accept-Ranges': 'bytes', 'Content-Length': to - from + 1,
    ...(range && {'Content-Range': `bytes ${from}-${to}/${bytes.length}`}),
  });
  response.end(bytes.subarray(from, to + 1));
}

function eventText(type, data) {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function send(response, status, json) {
  response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(json));
}

async function read(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

