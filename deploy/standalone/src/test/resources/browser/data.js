// Opens data channels to a DataEchoServer, puts them to every use, and posts what came of it as JSON.

const LARGE_BYTES = 262_144;
const BURST = 200;

const post = (path, body) => fetch(path, { method: 'POST', body }).then((response) => response.text());
const event = (target, name) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));
const opened = (channel) => (channel.readyState === 'open' ? undefined : event(channel, 'open'));

async function echo(channel, message) {
  channel.binaryType = 'arraybuffer';
  const reply = event(channel, 'message');
  channel.send(message);
  return (await reply).data;
}

async function closed(channel, how) {
  const end = event(channel, 'close');
  how();
  await end;
}

async function echoLarge(channel) {
  const large = new Uint8Array(LARGE_BYTES).map((_, i) => i * 7 + (i >> 8));
  const back = new Uint8Array(await echo(channel, large));
  return back.length === large.length && back.every((byte, i) => byte === large[i]);
}

async function burst(channel) {
  const received = [];
  channel.onmessage = (message) => received.push(message.data);
  for (let i = 0; i < BURST; i++) {
    channel.send(String(i));
  }
  while (received.length < BURST) {
    await event(channel, 'message');
  }
  return received.every((text, i) => text === String(i));
}

async function talk() {
  const connection = new RTCPeerConnection();
  const data = connection.createDataChannel('data', { negotiated: true, id: 0 });
  const chat = connection.createDataChannel('chat', { ordered: false, maxRetransmits: 2, protocol: 'p' });
  await connection.setLocalDescription(await connection.createOffer());
  const answer = await post('/answer', connection.localDescription.sdp);
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  await opened(data);
  await opened(chat);
  const result = {
    maxMessageSize: connection.sctp.maxMessageSize,
    ids: [data.id, chat.id],
    text: await echo(data, 'grüße'),
    emptyText: await echo(data, ''),
    emptyBytes: (await echo(data, new Uint8Array(0))).byteLength,
    isLargeEqual: await echoLarge(data),
    chat: await echo(chat, 'unordered'),
  };
  const coming = event(connection, 'datachannel');
  data.send('!open theirs');
  const theirs = (await coming).channel;
  await opened(theirs);
  result.theirs = [theirs.label, theirs.id, await echo(theirs, 'on theirs')];
  await closed(theirs, () => theirs.send('!close'));
  await closed(chat, () => chat.close());
  result.isBurstInOrder = await burst(data);
  return result;
}

talk().catch((problem) => ({ problem: String(problem) })).then((result) => post('/result', JSON.stringify(result)));
