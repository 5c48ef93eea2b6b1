/** A stand-in for the connector, only for looking at the pages: fixed data, and a clip that a browser made (`clip.js`). */

import {createReadStream} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {RECORDINGS, recordingDetail} from './data.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const WEB = fileURLToPath(new URL('../../../main/resources/web/', import.meta.url));
const TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml'};
const CLIENT = fileURLToPath(new URL('../../../../../protocol/js/', import.meta.url));
const POLICY = "default-src 'self'; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** @returns {Promise<object>} `url`; `requests` that came in; `close()` */
export async function startServer() {
  const state = {requests: [], media: null, jobProgress: 0};
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error) => send(response, 500, {error: String(error)}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
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
  if (pathname === '/look/clip') {
    state.media = body;
    return send(response, 200, {});
  }
  if (parts[0] === 'media') {
    return file(response, request, state.media);
  }
  if (parts[0] === 'api') {
    return api(state, request, response, parts.slice(1), searchParams, body.length ? JSON.parse(body) : null);
  }
  const [root, inRoot] = placeOf(pathname);
  const path = normalize(inRoot || 'index.html');
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  createReadStream(join(root, path)).on('error', () => response.writeHead(404).end()).pipe(response);
}

/** @returns {string[]} a folder, and the path of the file in it */
function placeOf(pathname) {
  const places = [['/look/', HERE], ['/js/tapedeck/', CLIENT], ['/', WEB]];
  const [prefix, folder] = places.find(([each]) => pathname.startsWith(each));
  return [folder, pathname.slice(prefix.length)];
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
      return send(response, 404, {error: 'No such route', code: 'not_found', message: pathOf(parts)});
  }
}

const pathOf = (parts) => `/api/${parts.join('/')}`;

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

