/** Plays the media server for the pages under test: answers with real connections, shows each peer as a colour. */

import {readFragment, writeFragment} from '/js/sdpfrag.js';

const connections = new Map();
const sources = new Map();
const audioContext = new AudioContext();

function videoOf(peer) {
  if (!sources.has(peer)) {
    const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 180});
    const context = canvas.getContext('2d');
    let frame = 0;
    const paint = () => {
      context.fillStyle = colourOf(peer);
      context.fillRect(0, 0, 320, 180);
      context.fillStyle = 'white';
      context.fillRect(frame++ % 320, 4, 8, 8);
    };
    paint();
    setInterval(paint, 100);
    sources.set(peer, canvas.captureStream(10).getVideoTracks()[0]);
  }
  return sources.get(peer);
}

/** `p-3` has hue 3 × 47 degrees, and so on. */
function colourOf(peer) {
  return `hsl(${Number(/\d+$/.exec(peer)?.[0] ?? 0) * 47 % 360} 70% 45%)`;
}

function tone() {
  const oscillator = audioContext.createOscillator();
  const gain = audioContext.createGain();
  gain.gain.value = 0.2;
  const out = audioContext.createMediaStreamDestination();
  oscillator.connect(gain).connect(out);
  oscillator.start();
  return out.stream.getAudioTracks()[0];
}

async function gathered(pc) {
  while (pc.iceGatheringState !== 'complete') {
    await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, {once: true}));
  }
}

const operations = {
  async 'POST'({conn, body, kind}) {
    if (body.length > 65_536) {
      return {status: 413, text: JSON.stringify({error: `the offer has ${body.length} characters`})};
    }
    const pc = new RTCPeerConnection();
    connections.set(conn, {pc, etag: 1, slots: new Map()});
    await pc.setRemoteDescription({type: 'offer', sdp: body});
    pc.getTransceivers().forEach((each) => {
      each.direction = kind === 'whip' ? 'recvonly' : 'sendonly';
    });
    await pc.setLocalDescription();
    await gathered(pc);
    return {status: 201, headers: {Location: `/${kind}/conn/${conn}`, ETag: '"1"', 'Content-Type': 'application/sdp'},
      text: pc.localDescription.sdp};
  },

  async 'PATCH'({conn, body, ifMatch}) {
    const connection = connections.get(conn);
    const {pc} = connection;
    const fragment = readFragment(body);
    const known = readFragment(pc.remoteDescription.sdp);
    if (fragment.ufrag === known.ufrag) {
      if (ifMatch !== `"${connection.etag}"`) {
        return {status: 412};
      }
      for (const {mid, candidates} of fragment.media) {
        for (const candidate of candidates) {
          await pc.addIceCandidate({candidate: `candidate:${candidate}`, sdpMid: mid});
        }
      }
      return {status: 204};
    }
    if (ifMatch !== '*') {
      return {status: 412};
    }
    const offer = pc.remoteDescription.sdp
      .replaceAll(/a=ice-ufrag:.*/g, `a=ice-ufrag:${fragment.ufrag}`)
      .replaceAll(/a=ice-pwd:.*/g, () => `a=ice-pwd:${fragment.pwd}`)
      .replaceAll(/a=candidate:.*\r\n/g, '');
    await pc.setRemoteDescription({type: 'offer', sdp: offer});
    await pc.setLocalDescription();
    await gathered(pc);
    for (const {mid, candidates} of fragment.media) {
      for (const candidate of candidates) {
        await pc.addIceCandidate({candidate: `candidate:${candidate}`, sdpMid: mid});
      }
    }
    connection.etag += 1;
    const {ufrag, pwd, media} = readFragment(pc.localDescription.sdp);
    return {status: 200, headers: {ETag: `"${connection.etag}"`, 'Content-Type': 'application/trickle-ice-sdpfrag'},
      text: writeFragment({ufrag, pwd, bundle: [], media: media.slice(0, 1)})};
  },

  async 'PUT slots'({conn, body}) {
    const {pc, slots} = connections.get(conn);
    for (const {mid, peer, track} of JSON.parse(body).slots) {
      const transceiver = pc.getTransceivers().find((each) => each.mid === mid);
      const kind = transceiver.receiver.track.kind;
      const source = peer && !peer.startsWith('silent') ? (kind === 'video' ? videoOf(peer) : tone()) : null;
      await transceiver.sender.replaceTrack(source);
      slots.set(mid, {mid, kind, peer: peer ?? null, track: track ?? null, state: stateOf(peer, source)});
    }
    return {status: 200, text: JSON.stringify({slots: [...slots.values()]})};
  },

  async 'GET slots'({conn}) {
    return {status: 200, text: JSON.stringify({slots: [...connections.get(conn).slots.values()]})};
  },

  async 'DELETE'({conn}) {
    connections.get(conn)?.pc.close();
    connections.delete(conn);
    return {status: 200};
  },
};

function stateOf(peer, source) {
  return !peer ? 'empty' : source ? 'active' : 'waiting';
}

/** For tests: cuts every connection without a word, as a dead server would. */
window.cut = () => connections.forEach(({pc}) => pc.close());

/** A file for the player. */
window.recordClip = async () => {
  const recorder = new MediaRecorder(new MediaStream([videoOf('p-4'), tone()]), {mimeType: 'video/webm;codecs=vp8,opus'});
  const data = new Promise((resolve) => recorder.addEventListener('dataavailable', ({data: blob}) => resolve(blob)));
  recorder.start();
  setTimeout(() => recorder.stop(), 1_500);
  await fetch('/sfu/media', {method: 'POST', body: await data});
};

window.connectionCount = () => connections.size;

for (;;) {
  const request = await (await fetch('/sfu/next')).json();
  operations[request.op](request)
    .catch((error) => ({status: 404, text: JSON.stringify({error: String(error)})}))
    .then((answer) => fetch(`/sfu/answer/${request.id}`, {method: 'POST', body: JSON.stringify(answer)}));
}
